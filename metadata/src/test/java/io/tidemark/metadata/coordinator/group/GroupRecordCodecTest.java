package io.tidemark.metadata.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupErased;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupWritten;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetCommitted;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetErased;
import io.tidemark.metadata.coordinator.group.WrittenGroup.WrittenMember;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of Kafka's record formats, field by field. */
final class GroupRecordCodecTest {
  private static final String OFFSET_KEY = "0001 0001 67 0001 74 00000003";
  private static final String GROUP_KEY = "0002 0001 67";
  private static final Uuid TOPIC_ID = new Uuid(0x0102030405060708L, 0x1112131415161718L);

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static CoordinatorRecord record(String key, @Nullable String value) {
    return new CoordinatorRecord(
        ByteBuffer.wrap(bytes(key)), value == null ? null : ByteBuffer.wrap(bytes(value)), 5);
  }

  private static String hex(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return "none";
    }
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  private static void assertWrites(GroupEvent event, String key, @Nullable String value) {
    CoordinatorRecord record = GroupRecordCodec.encode(event, 5);
    assertThat(hex(record.key())).isEqualTo(key.replace(" ", ""));
    assertThat(hex(record.value())).isEqualTo(value == null ? "none" : value.replace(" ", ""));
    assertThat(record.timestampMs()).isEqualTo(5);
    assertThat(GroupRecordCodec.decode(record)).usingRecursiveComparison().isEqualTo(event);
  }

  @Test
  void anOffsetWithKnownTopicIdIsWrittenInVersion4() {
    assertWrites(
        new OffsetCommitted("g", "t", 3, new CommittedOffset(42, 5, "m", 1000, -1, TOPIC_ID)),
        OFFSET_KEY,
        "0004 000000000000002a 00000005 026d 00000000000003e8 01 00 10"
            + "0102030405060708 1112131415161718");
  }

  @Test
  void anOffsetWithoutTopicIdIsWrittenInVersion3() {
    assertWrites(
        new OffsetCommitted("g", "t", 3, new CommittedOffset(42, 5, "m", 1000, -1, Uuid.ZERO_UUID)),
        OFFSET_KEY,
        "0003 000000000000002a 00000005 0001 6d 00000000000003e8");
  }

  @Test
  void anOffsetWithItsOwnExpiryIsWrittenInVersion1() {
    assertWrites(
        new OffsetCommitted(
            "g", "t", 3, new CommittedOffset(42, -1, "m", 1000, 2000, Uuid.ZERO_UUID)),
        OFFSET_KEY,
        "0001 000000000000002a 0001 6d 00000000000003e8 00000000000007d0");
  }

  @ParameterizedTest
  @CsvSource({
    "0000 000000000000002a 0001 6d 00000000000003e8, -1, -1",
    "0001 000000000000002a 0001 6d 00000000000003e8 00000000000007d0, -1, 2000",
    "0002 000000000000002a 0001 6d 00000000000003e8, -1, -1",
    "0003 000000000000002a 00000005 0001 6d 00000000000003e8, 5, -1",
    "0004 000000000000002a 00000005 026d 00000000000003e8 00, 5, -1",
    // A tagged field that somebody else knows.
    "0004 000000000000002a 00000005 026d 00000000000003e8 01 07 02 abcd, 5, -1",
  })
  void everyVersionOfAnOffsetIsRead(String value, int leaderEpoch, long expireTimestampMs) {
    assertThat(GroupRecordCodec.decode(record(OFFSET_KEY, value)))
        .isEqualTo(
            new OffsetCommitted(
                "g",
                "t",
                3,
                new CommittedOffset(
                    42, leaderEpoch, "m", 1000, expireTimestampMs, Uuid.ZERO_UUID)));
  }

  @Test
  void bothKindsOfOffsetKeysAreRead() {
    assertThat(GroupRecordCodec.decode(record("0000 0001 67 0001 74 00000003", null)))
        .isEqualTo(new OffsetErased("g", "t", 3));
    assertThat(GroupRecordCodec.decode(record(OFFSET_KEY, null)))
        .isEqualTo(new OffsetErased("g", "t", 3));
  }

  @Test
  void tombstonesHaveNoValue() {
    assertWrites(new OffsetErased("g", "t", 3), OFFSET_KEY, null);
    assertWrites(new GroupErased("g"), GROUP_KEY, null);
  }

  private static WrittenGroup group(
      long stateTimestampMs, @Nullable String instanceId, int rebalanceTimeoutMs) {
    return new WrittenGroup(
        "c",
        7,
        "p",
        "l",
        stateTimestampMs,
        List.of(
            new WrittenMember(
                "l",
                instanceId,
                "x",
                "h",
                rebalanceTimeoutMs,
                10_000,
                bytes("aabb"),
                bytes("cc"))));
  }

  @Test
  void aGroupIsWrittenInVersion3() {
    assertWrites(
        new GroupWritten("g", group(1000, "i", 60_000)),
        GROUP_KEY,
        "0003 0001 63 00000007 0001 70 0001 6c 00000000000003e8 00000001"
            + "0001 6c 0001 69 0001 78 0001 68 0000ea60 00002710 00000002 aabb 00000001 cc");
    assertWrites(
        new GroupWritten("g", new WrittenGroup("", 8, null, null, 1000, List.of())),
        GROUP_KEY,
        "0003 0000 00000008 ffff ffff 00000000000003e8 00000000");
  }

  @Test
  void everyVersionOfAGroupIsRead() {
    assertReads(
        "0000 0001 63 00000007 0001 70 0001 6c 00000001"
            + "0001 6c 0001 78 0001 68 00002710 00000002 aabb 00000001 cc",
        group(-1, null, 10_000));
    assertReads(
        "0001 0001 63 00000007 0001 70 0001 6c 00000001"
            + "0001 6c 0001 78 0001 68 0000ea60 00002710 00000002 aabb 00000001 cc",
        group(-1, null, 60_000));
    assertReads(
        "0002 0001 63 00000007 0001 70 0001 6c 00000000000003e8 00000001"
            + "0001 6c 0001 78 0001 68 0000ea60 00002710 00000002 aabb 00000001 cc",
        group(1000, null, 60_000));
    assertReads(
        "0004 02 63 00000007 02 70 02 6c 00000000000003e8 02"
            + "02 6c 02 69 02 78 02 68 0000ea60 00002710 03 aabb 02 cc 00 01 05 01 ff",
        group(1000, "i", 60_000));
  }

  private static void assertReads(String value, WrittenGroup expected) {
    assertThat(GroupRecordCodec.decode(record(GROUP_KEY, value)))
        .usingRecursiveComparison()
        .isEqualTo(new GroupWritten("g", expected));
  }

  @Test
  void recordsOfLaterKindsAreNotForUs() {
    for (int kind : new int[] {3, 5, 10, 16, 99}) {
      assertThat(GroupRecordCodec.decode(record(String.format("%04x", kind), "0000"))).isNull();
    }
    assertThat(GroupRecordCodec.decode(record("", "0000"))).isNull();
  }

  @Test
  void valuesOfLaterVersionsAreRefused() {
    assertThatThrownBy(() -> GroupRecordCodec.decode(record(OFFSET_KEY, "0005 00")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 5");
    assertThatThrownBy(() -> GroupRecordCodec.decode(record(GROUP_KEY, "0005 00")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 5");
  }

  @Test
  void everyTornRecordIsRefused() {
    String value =
        "0003 0001 63 00000007 0001 70 0001 6c 00000000000003e8 00000001"
            + "0001 6c 0001 69 0001 78 0001 68 0000ea60 00002710 00000002 aabb 00000001 cc";
    byte[] whole = bytes(value);
    for (int length = 0; length < whole.length; length++) {
      CoordinatorRecord torn =
          new CoordinatorRecord(
              ByteBuffer.wrap(bytes(GROUP_KEY)), ByteBuffer.wrap(whole, 0, length), 0);
      assertThatThrownBy(() -> GroupRecordCodec.decode(torn))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void garbageIsRefusedAndNothingElse() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      byte[] value = new byte[2 + random.nextInt(60)];
      random.nextBytes(value);
      value[0] = 0;
      value[1] = (byte) random.nextInt(5);
      String key = random.nextBoolean() ? OFFSET_KEY : GROUP_KEY;
      CoordinatorRecord garbage =
          new CoordinatorRecord(ByteBuffer.wrap(bytes(key)), ByteBuffer.wrap(value), 0);
      try {
        GroupRecordCodec.decode(garbage);
      } catch (IllegalArgumentException refused) {
        // As it should be, unless it happened to be readable.
      }
    }
  }

  @Test
  void buffersWithoutArrayAreReadToo() {
    CoordinatorRecord heap =
        GroupRecordCodec.encode(new GroupWritten("gruppe-ä", group(1000, "i", 60_000)), 0);
    CoordinatorRecord direct = new CoordinatorRecord(direct(heap.key()), direct(heap.value()), 0);

    assertThat(GroupRecordCodec.decode(direct))
        .usingRecursiveComparison()
        .isEqualTo(GroupRecordCodec.decode(heap));
  }

  private static ByteBuffer direct(@Nullable ByteBuffer heap) {
    if (heap == null) {
      throw new AssertionError("no bytes");
    }
    return ByteBuffer.allocateDirect(heap.remaining()).put(heap.duplicate()).flip();
  }

  @Test
  void topicsOfASubscriptionAreReadAndGarbageIsUnknown() {
    assertThat(SubscribedTopics.read(GroupWorld.subscription(List.of("a", "b"))))
        .hasValueSatisfying(topics -> assertThat(topics).containsExactlyInAnyOrder("a", "b"));
    assertThat(SubscribedTopics.read(new byte[0])).isEmpty();
    assertThat(SubscribedTopics.read(bytes("0000 7fffffff 0001"))).isEmpty();
    assertThat(SubscribedTopics.read(bytes("0000 ffffffff"))).isEmpty();
  }
}
