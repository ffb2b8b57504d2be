package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.FieldReader;
import io.tidemark.metadata.coordinator.FieldWriter;
import io.tidemark.metadata.coordinator.group.WrittenGroup.WrittenMember;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups in Kafka's format (GroupMetadataKey, GroupMetadataValue). Integers are big-endian; a
 * string is an int16 length (−1 = null) and UTF-8, bytes an int32 length and the bytes, an array an
 * int32 count and the elements. Version 4 has the compact forms (unsigned varint of length + 1, 0 =
 * null) and a section of tagged fields after every member and at the end.
 *
 * <pre>
 *  key    int16 kind 2 | string group
 *
 *  value  field                  type               versions
 *         version                int16              all
 *         protocolType           string             all
 *         generation             int32              all
 *         protocol               nullable string    all
 *         leader                 nullable string    all
 *         currentStateTimestamp  int64              2+
 *         members                array              all
 *           memberId             string             all
 *           groupInstanceId      nullable string    3+
 *           clientId             string             all
 *           clientHost           string             all
 *           rebalanceTimeout     int32              1+ (0: the session timeout)
 *           sessionTimeout       int32              all
 *           subscription         bytes              all
 *           assignment           bytes              all
 * </pre>
 *
 * Version 3 is written, as Kafka does.
 */
final class GroupMetadataCodec {
  static final int KEY_KIND = 2;

  private static final int WRITTEN_VERSION = 3;

  /** The least a member takes: five lengths and a timeout. */
  private static final int LEAST_MEMBER_BYTES = 9;

  private GroupMetadataCodec() {}

  static ByteBuffer key(String groupId) {
    return new FieldWriter().int16(KEY_KIND).string(groupId).done();
  }

  static ByteBuffer value(WrittenGroup group) {
    FieldWriter out =
        new FieldWriter()
            .int16(WRITTEN_VERSION)
            .string(group.protocolType())
            .int32(group.generation())
            .nullableString(group.protocol())
            .nullableString(group.leader())
            .int64(group.stateTimestampMs())
            .int32(group.members().size());
    group.members().forEach(member -> write(member, out));
    return out.done();
  }

  private static void write(WrittenMember member, FieldWriter out) {
    out.string(member.memberId())
        .nullableString(member.groupInstanceId())
        .string(member.clientId())
        .string(member.clientHost())
        .int32(member.rebalanceTimeoutMs())
        .int32(member.sessionTimeoutMs())
        .bytes(member.subscription())
        .bytes(member.assignment());
  }

  /** Reads a value of any version, its version field included. */
  static WrittenGroup value(ByteBuffer bytes) {
    FieldReader in = new FieldReader(bytes);
    int version = in.int16();
    if (version < 0 || version > 4) {
      throw new IllegalArgumentException("GroupMetadataValue of version " + version);
    }
    boolean flexible = version >= 4;
    String protocolType = string(in, flexible);
    int generation = in.int32();
    String protocol = nullableString(in, flexible);
    String leader = nullableString(in, flexible);
    long stateTimestampMs = version >= 2 ? in.int64() : WrittenGroup.NO_TIMESTAMP;
    return new WrittenGroup(
        protocolType, generation, protocol, leader, stateTimestampMs, members(in, version));
  }

  private static List<WrittenMember> members(FieldReader in, int version) {
    int count =
        version >= 4
            ? in.compactArrayLength(LEAST_MEMBER_BYTES)
            : in.arrayLength(LEAST_MEMBER_BYTES);
    List<WrittenMember> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(member(in, version));
    }
    return members;
  }

  private static WrittenMember member(FieldReader in, int version) {
    boolean flexible = version >= 4;
    String memberId = string(in, flexible);
    String groupInstanceId = version >= 3 ? nullableString(in, flexible) : null;
    String clientId = string(in, flexible);
    String clientHost = string(in, flexible);
    int rebalanceTimeoutMs = version >= 1 ? in.int32() : -1;
    int sessionTimeoutMs = in.int32();
    byte[] subscription = flexible ? in.compactBytes() : in.bytes();
    byte[] assignment = flexible ? in.compactBytes() : in.bytes();
    if (flexible) {
      in.skipTaggedFields();
    }
    return new WrittenMember(
        memberId,
        groupInstanceId,
        clientId,
        clientHost,
        rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
        sessionTimeoutMs,
        subscription,
        assignment);
  }

  private static String string(FieldReader in, boolean flexible) {
    return flexible ? in.compactString() : in.string();
  }

  private static @Nullable String nullableString(FieldReader in, boolean flexible) {
    return flexible ? in.nullableCompactString() : in.nullableString();
  }
}
