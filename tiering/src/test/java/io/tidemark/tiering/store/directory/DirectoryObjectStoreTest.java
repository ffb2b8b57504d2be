package io.tidemark.tiering.store.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.ManualTime;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreContract;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryObjectStoreTest extends ObjectStoreContract {
  private static final long NOW_MS = 1_800_000_000_000L;

  @TempDir Path root;
  private ObjectStore store;

  @BeforeEach
  void open() {
    store =
        new DirectoryObjectStore(
            new FileSystemDisk(),
            root.resolve("store"),
            Runnable::run,
            new ManualTime(NOW_MS),
            new Random(1));
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  @Scenario("S-111")
  void leftoversOfACrashAreNeverSeenAndGoWhenStale() throws Exception {
    store.put("a", ObjectContent.of(ByteBuffer.allocate(10)));
    Path incoming = root.resolve("store/.incoming");
    Path old = Files.write(incoming.resolve("dead-1"), new byte[100]);
    Path fresh = Files.write(incoming.resolve("live-1"), new byte[100]);
    Files.setLastModifiedTime(old, FileTime.fromMillis(NOW_MS - 7_200_000));
    Files.setLastModifiedTime(fresh, FileTime.fromMillis(NOW_MS - 60_000));

    assertThat(store.list("", null, 10).objects()).hasSize(1);
    assertThat(store.abortStaleUploads("", Duration.ofHours(1))).isEqualTo(1);
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void foldersGoWithTheirLastObject() throws Exception {
    store.put("a/b/c/1", ObjectContent.of(ByteBuffer.allocate(10)));
    store.put("a/2", ObjectContent.of(ByteBuffer.allocate(10)));
    store.delete(List.of("a/b/c/1"));
    assertThat(root.resolve("store/a/b")).doesNotExist();
    assertThat(root.resolve("store/a/2")).exists();
  }

  @Test
  void aFileThatWasCutShortIsCorrupt() throws Exception {
    store.put("cut", ObjectContent.of(ByteBuffer.allocate(100)));
    Files.write(root.resolve("store/cut"), new byte[60]);
    assertThatThrownBy(() -> store.read("cut", 0, ByteBuffer.allocate(100)))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }
}
