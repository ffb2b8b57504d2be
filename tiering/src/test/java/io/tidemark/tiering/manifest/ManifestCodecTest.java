package io.tidemark.tiering.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

final class ManifestCodecTest {
  private static final ObjectKeys KEYS = new ObjectKeys("Q0NDQ0NDQ0NDQ0NDQ0NDQw");
  private static final Uuid TOPIC = new Uuid(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
  private static final int PARTITION = 4;
  private static final long NOW_MS = 1_700_000_000_000L;
  private final ManifestCodec codec = new ManifestCodec(KEYS);

  private static RemoteSegment segment(long base, long next) {
    return new RemoteSegment(
        base,
        next,
        3,
        new Uuid(base + 1, -base),
        1 << 30,
        (1 << 30) + 99_999,
        77,
        NOW_MS,
        true,
        NOW_MS + 1);
  }

  private static Manifest small() {
    return new Manifest(
        TOPIC,
        PARTITION,
        9,
        new Uuid(21, 22),
        new ManifestPointer(8, new Uuid(31, 32), 1_000, 512, 0xCAFEBABE),
        3,
        2_000,
        1_400,
        List.of(
            new LeafReference(new Uuid(41, 42), 0, 100, 900, 512, 64, 123_456, NOW_MS, 30_000, -5)),
        List.of(segment(900, 1_500), segment(1_500, 2_000)),
        List.of(new EpochEntry(1, 0), new EpochEntry(3, 950)),
        List.of(
            new PendingDelete(segment(0, 50).key(KEYS, TOPIC, PARTITION), NOW_MS),
            new PendingDelete(KEYS.manifest(TOPIC, PARTITION, 7, new Uuid(51, 52)), NOW_MS),
            new PendingDelete(KEYS.leaf(TOPIC, PARTITION, 0, new Uuid(61, 62)), NOW_MS),
            new PendingDelete("elsewhere/entirely", NOW_MS)));
  }

  /** As full as a root gets with {@code leaves} leaves. */
  private static Manifest full(int leaves) {
    long big = 900_000_000_000_000L;
    List<RemoteSegment> segments = new ArrayList<>();
    List<PendingDelete> pending = new ArrayList<>();
    List<LeafReference> references = new ArrayList<>();
    List<EpochEntry> lineage = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      RemoteSegment segment =
          new RemoteSegment(
              big + i * 1_000_000L,
              big + (i + 1) * 1_000_000L,
              1_000,
              new Uuid(-i - 1, i),
              1L << 30,
              (1L << 30) + 4_000_000,
              -i,
              NOW_MS,
              true,
              NOW_MS);
      segments.add(segment);
      pending.add(new PendingDelete(segment.key(KEYS, TOPIC, PARTITION), NOW_MS));
      lineage.add(new EpochEntry(i, big + i));
    }
    for (int i = 0; i < leaves; i++) {
      references.add(
          new LeafReference(
              new Uuid(-i - 1, i),
              i * 1_000L,
              i * 1_000L,
              i * 1_000L + 1_000,
              512,
              0,
              1L << 39,
              NOW_MS,
              30_000,
              -1));
    }
    return new Manifest(
        TOPIC,
        PARTITION,
        1_000_000,
        new Uuid(-1, -2),
        new ManifestPointer(999_999, new Uuid(-3, -4), big, 60_000, -1),
        1_000,
        segments.getLast().nextOffset(),
        segments.getLast().nextOffset(),
        references,
        segments,
        lineage,
        pending);
  }

  @Test
  void aManifestComesBackAsItWas() throws Exception {
    for (Manifest manifest : List.of(small(), full(40), Manifest.empty(TOPIC, PARTITION))) {
      assertThat(codec.decode(TOPIC, PARTITION, ByteBuffer.wrap(codec.encode(manifest))))
          .isEqualTo(manifest);
    }
  }

  @Test
  void aLeafComesBackAsItWas() throws Exception {
    ManifestLeaf leaf = new ManifestLeaf(new Uuid(1, 2), full(0).segments());
    assertThat(
            codec.decodeLeaf(
                TOPIC, PARTITION, ByteBuffer.wrap(codec.encodeLeaf(TOPIC, PARTITION, leaf))))
        .isEqualTo(leaf);
  }

  @Test
  void aCommitRewritesAtMost64KiB() {
    int withPending = codec.encode(full(40)).length;
    assertThat(withPending).isLessThanOrEqualTo(64 * 1024);
    ManifestLeaf leaf = new ManifestLeaf(new Uuid(1, 2), full(0).segments());
    int sealing =
        codec.encodeLeaf(TOPIC, PARTITION, leaf).length
            + codec.encode(full(40).withSegments(List.of(), List.of())).length;
    assertThat(sealing).isLessThanOrEqualTo(64 * 1024);
  }

  @Test
  void theFormatIsThis() {
    Manifest manifest =
        new Manifest(
            TOPIC,
            PARTITION,
            2,
            new Uuid(21, 22),
            new ManifestPointer(1, new Uuid(31, 32), 10, 512, 0xCAFEBABE),
            3,
            20,
            0,
            List.of(new LeafReference(new Uuid(41, 42), 0, 4, 10, 5, 2, 99, 7, 333, 44)),
            List.of(new RemoteSegment(10, 20, 3, new Uuid(51, 52), 100, 160, 66, 5, true, 6)),
            List.of(new EpochEntry(3, 9)),
            List.of(
                new PendingDelete(
                    new RemoteSegment(0, 4, 1, new Uuid(61, 62), 1, 2, 0, 0, false, 0)
                        .key(KEYS, TOPIC, PARTITION),
                    8)));
    assertThat(HexFormat.of().formatHex(codec.encode(manifest))).isEqualTo(GOLDEN);
    assertThat(HexFormat.of().formatHex(codec.encode(manifest.withCompactedTo(15))))
        .isEqualTo(GOLDEN + "680f");
  }

  private static final String GOLDEN =
      "0801121209080706050403020111100f0e0d0c0b0a09180420022a12091500000000000000111600"
          + "000000000000322008011212091f00000000000000112000000000000000180a2080042dbebafeca"
          + "380340144a280a12092900000000000000112a00000000000000180a200528023063380e40cd024d"
          + "2c00000050045229080a100a180322120933000000000000001134000000000000002864303c3d42"
          + "000000400a480650015a0408031009621a0a1610011a12093d00000000000000113e000000000000"
          + "002808";

  @Test
  void anotherPartitionsManifestIsRefused() {
    ByteBuffer bytes = ByteBuffer.wrap(codec.encode(small()));
    assertCorrupt(() -> codec.decode(TOPIC, PARTITION + 1, bytes.duplicate()));
    assertCorrupt(() -> codec.decode(Uuid.ONE_UUID, PARTITION, bytes.duplicate()));
  }

  @Test
  void overlappingSegmentsAreRefused() {
    Manifest manifest =
        small()
            .withSegments(List.of(), List.of(segment(0, 100), segment(100, 200)))
            .withTieredOffset(150);
    assertCorrupt(() -> codec.decode(TOPIC, PARTITION, ByteBuffer.wrap(codec.encode(manifest))));
  }

  @Test
  @Scenario("S-126")
  void damagedBytesAreCorruptOrStillAManifestAndNothingElse() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    Random random = new Random(seed);
    byte[] good = codec.encode(full(3));
    byte[] leaf =
        codec.encodeLeaf(TOPIC, PARTITION, new ManifestLeaf(new Uuid(1, 2), full(0).segments()));
    for (int i = 0; i < 3_000; i++) {
      byte[] bad = damaged(random, i % 2 == 0 ? good : leaf);
      try {
        if (i % 2 == 0) {
          codec.decode(TOPIC, PARTITION, ByteBuffer.wrap(bad));
        } else {
          codec.decodeLeaf(TOPIC, PARTITION, ByteBuffer.wrap(bad));
        }
      } catch (ObjectStoreException e) {
        assertThat(e.kind()).as("seed %d", seed).isEqualTo(Kind.CORRUPT);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
  }

  private static byte[] damaged(Random random, byte[] good) {
    byte[] bad = good.clone();
    if (random.nextInt(4) == 0) {
      return java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
    }
    int flips = 1 + random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      // Near the front, where the structure is, as often as anywhere.
      int at = random.nextInt(random.nextBoolean() ? 200 : bad.length);
      bad[at] = (byte) random.nextInt(256);
    }
    return bad;
  }

  private static void assertCorrupt(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }
}
