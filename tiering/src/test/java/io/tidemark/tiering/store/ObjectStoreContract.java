package io.tidemark.tiering.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store does. A subclass supplies the store, empty at the start of each test. */
public abstract class ObjectStoreContract {
  /** The store of this test. */
  protected abstract ObjectStore store();

  /** Large enough that a store which uploads in parts does. */
  protected int largeBytes() {
    return 300_000;
  }

  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static ObjectContent content(byte[] bytes) {
    return ObjectContent.of(ByteBuffer.wrap(bytes));
  }

  private byte[] read(String key, long position, int length) throws ObjectStoreException {
    ByteBuffer dst = ByteBuffer.allocateDirect(length);
    store().read(key, position, dst);
    assertThat(dst.hasRemaining()).isFalse();
    byte[] bytes = new byte[length];
    dst.flip().get(bytes);
    return bytes;
  }

  private static void assertKind(Kind kind, ThrowingCall call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ObjectStoreException.class,
            e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  /** A call that may fail. */
  interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void whatWasPutIsRead() throws Exception {
    byte[] bytes = bytes(100_000, 1);
    store().put("a/b/c.seg", content(bytes));
    assertThat(read("a/b/c.seg", 0, bytes.length)).isEqualTo(bytes);
    assertThat(store().head("a/b/c.seg")).contains(new ObjectInfo("a/b/c.seg", bytes.length));
  }

  @Test
  void anyRangeIsRead() throws Exception {
    byte[] bytes = bytes(10_000, 2);
    store().put("ranges", content(bytes));
    for (int[] range : new int[][] {{0, 1}, {9_999, 1}, {17, 5_000}, {5_000, 5_000}}) {
      assertThat(read("ranges", range[0], range[1]))
          .isEqualTo(java.util.Arrays.copyOfRange(bytes, range[0], range[0] + range[1]));
    }
  }

  @Test
  void onlyTheRoomOfTheBufferIsFilled() throws Exception {
    store().put("middle", content(bytes(100, 3)));
    ByteBuffer dst = ByteBuffer.allocate(30).position(10).limit(20);
    store().read("middle", 50, dst);
    assertThat(dst.position()).isEqualTo(20);
    assertThat(java.util.Arrays.copyOfRange(dst.array(), 10, 20))
        .isEqualTo(java.util.Arrays.copyOfRange(bytes(100, 3), 50, 60));
    assertThat(dst.array()[9]).isZero();
    assertThat(dst.array()[20]).isZero();
  }

  @Test
  @Scenario("S-106")
  void rangePastTheEndIsCorrupt() throws Exception {
    store().put("short", content(bytes(100, 4)));
    assertKind(Kind.CORRUPT, () -> read("short", 50, 51));
    assertKind(Kind.CORRUPT, () -> read("short", 100, 1));
    assertKind(Kind.CORRUPT, () -> read("short", 5_000, 10));
  }

  @Test
  void failedReadLeavesThePositionOfTheBuffer() throws Exception {
    store().put("short", content(bytes(100, 5)));
    ByteBuffer dst = ByteBuffer.allocate(200).position(20);
    assertKind(Kind.CORRUPT, () -> store().read("short", 0, dst));
    assertThat(dst.position()).isEqualTo(20);
  }

  @Test
  void absentObjectIsNotFound() throws Exception {
    assertKind(Kind.NOT_FOUND, () -> read("nothing/here", 0, 10));
    assertThat(store().head("nothing/here")).isEmpty();
  }

  @Test
  void anObjectIsNotAFolder() throws Exception {
    store().put("folder/object", content(bytes(1, 6)));
    assertThat(store().head("folder")).isEmpty();
  }

  @Test
  void emptyObjectIsAnObject() throws Exception {
    store().put("empty", content(new byte[0]));
    assertThat(store().head("empty")).contains(new ObjectInfo("empty", 0));
    store().read("empty", 0, ByteBuffer.allocate(0));
  }

  @Test
  void putReplaces() throws Exception {
    store().put("same", content(bytes(5_000, 7)));
    store().put("same", content(bytes(100, 8)));
    assertThat(store().head("same")).contains(new ObjectInfo("same", 100));
    assertThat(read("same", 0, 100)).isEqualTo(bytes(100, 8));
  }

  @Test
  void putOfTheSameAgainIsTheSame() throws Exception {
    store().put("again", content(bytes(5_000, 9)));
    store().put("again", content(bytes(5_000, 9)));
    assertThat(read("again", 0, 5_000)).isEqualTo(bytes(5_000, 9));
  }

  @Test
  void largeObjectIsStoredWhole() throws Exception {
    byte[] bytes = bytes(largeBytes(), 10);
    store().put("large", content(bytes));
    assertThat(store().head("large")).contains(new ObjectInfo("large", bytes.length));
    assertThat(read("large", 0, bytes.length)).isEqualTo(bytes);
  }

  @Test
  @Scenario("S-111")
  void contentThatCannotBeReadLeavesNothing() throws Exception {
    ObjectContent broken = new BrokenContent(largeBytes(), largeBytes() / 2);
    assertKind(Kind.CONTENT, () -> store().put("broken", broken));
    assertThat(store().head("broken")).isEmpty();
    assertThat(store().list("", null, 10).objects()).isEmpty();
  }

  /** Fails once it is read past a point. */
  private record BrokenContent(long sizeBytes, long brokenFrom) implements ObjectContent {
    @Override
    public void read(ByteBuffer dst, long position) throws IOException {
      if (position + dst.remaining() > brokenFrom) {
        throw new IOException("bad sector");
      }
      dst.position(dst.limit());
    }
  }

  @Test
  void deletedObjectsAreGoneAndAbsentOnesDoNotMatter() throws Exception {
    store().put("d/1", content(bytes(10, 11)));
    store().put("d/2", content(bytes(10, 12)));
    store().put("d/3", content(bytes(10, 13)));
    store().delete(List.of("d/1", "d/never", "d/3"));
    assertThat(keys("d/")).containsExactly("d/2");
    store().delete(List.of());
    store().delete(List.of("d/2", "d/2"));
    assertThat(keys("")).isEmpty();
  }

  @Test
  void aFolderMayBeFilledAgainAfterItsLastObjectWent() throws Exception {
    store().put("x/y/z", content(bytes(10, 14)));
    store().delete(List.of("x/y/z"));
    store().put("x/y", content(bytes(10, 15)));
    assertThat(keys("")).containsExactly("x/y");
  }

  @Test
  void listingIsInKeyOrderAndByPrefix() throws Exception {
    for (String key : List.of("a/b/1", "a-b", "a/b-1", "a/c", "b", "a/b/0", "A", "a.b", "a/B/1")) {
      store().put(key, content(bytes(3, 16)));
    }
    assertThat(keys(""))
        .containsExactly("A", "a-b", "a.b", "a/B/1", "a/b-1", "a/b/0", "a/b/1", "a/c", "b");
    assertThat(keys("a/b")).containsExactly("a/b-1", "a/b/0", "a/b/1");
    assertThat(keys("a/b/")).containsExactly("a/b/0", "a/b/1");
    assertThat(keys("c")).isEmpty();
  }

  @Test
  @Scenario("S-108")
  void listingGoesOnWhereThePageEnded() throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String key = "p/%02d/o".formatted((Integer) i);
      all.add(key);
      store().put(key, content(bytes(i, 17)));
    }
    List<String> listed = new ArrayList<>();
    String startAfter = null;
    int pages = 0;
    ListPage page;
    do {
      page = store().list("p/", startAfter, 10);
      assertThat(page.objects().size()).isLessThanOrEqualTo(10);
      page.objects().forEach(object -> listed.add(object.key()));
      startAfter = page.nextStartAfter().orElse(null);
      pages++;
    } while (startAfter != null);
    assertThat(listed).isEqualTo(all);
    assertThat(pages).isEqualTo(3);
    assertThat(page.isLast()).isTrue();
    assertThat(store().list("p/", "p/07/o", 2).objects())
        .containsExactly(new ObjectInfo("p/08/o", 8), new ObjectInfo("p/09/o", 9));
    assertThat(store().list("p/", "p/24/o", 2).objects()).isEmpty();
  }

  @Test
  void nothingIsStaleOnAnEmptyStore() throws Exception {
    assertThat(store().abortStaleUploads("", Duration.ofDays(1))).isZero();
  }

  @Test
  void unsafeKeysAreRefused() {
    for (String key :
        List.of(
            "", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a/.b", "a b", "ä", "a\\b", "a\0")) {
      assertThatThrownBy(() -> store().put(key, content(new byte[1])))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store().head(key))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Called before threads fill and empty these folders side by side. */
  protected void beforeRace(List<String> folders) throws ObjectStoreException {}

  @Test
  void manyThreadsAtOnce() throws Exception {
    beforeRace(List.of("t/0", "t/1", "t/2", "t/3"));
    List<CompletableFuture<?>> all =
        IntStream.range(0, 16)
            .<CompletableFuture<?>>mapToObj(i ->
                CompletableFuture.runAsync(
                    () -> roundTrip("t/" + (i % 4) + "/" + i, bytes(20_000, i))))
            .toList();
    all.forEach(CompletableFuture::join);
  }

  private void roundTrip(String key, byte[] bytes) {
    try {
      for (int i = 0; i < 5; i++) {
        store().put(key, content(bytes));
        assertThat(read(key, 0, bytes.length)).isEqualTo(bytes);
        store().delete(List.of(key));
        assertThat(store().head(key)).isEmpty();
      }
    } catch (ObjectStoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void addressNamesItsScheme() {
    assertThat(store().address()).matches("[a-z0-9]+:/.*");
  }

  private List<String> keys(String prefix) throws ObjectStoreException {
    @Nullable String from = null;
    return store().list(prefix, from, 100).objects().stream().map(ObjectInfo::key).toList();
  }
}
