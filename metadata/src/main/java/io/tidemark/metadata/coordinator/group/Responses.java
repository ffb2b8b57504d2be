package io.tidemark.metadata.coordinator.group;

import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupRequest;

/** What members are told. */
final class Responses {
  static final int NO_GENERATION = -1;

  private Responses() {}

  static JoinGroupResponseData joinRefused(String memberId, Errors error) {
    return new JoinGroupResponseData()
        .setMemberId(memberId)
        .setGenerationId(NO_GENERATION)
        .setProtocolName(null)
        .setLeader("")
        .setErrorCode(error.code());
  }

  static JoinGroupResponseData joinRefused(Errors error) {
    return joinRefused(JoinGroupRequest.UNKNOWN_MEMBER_ID, error);
  }

  /** The generation the member is in; the leader is told who else is. */
  static JoinGroupResponseData joined(Group group, Member member) {
    return joined(group, member, group.members.isLeader(member.id));
  }

  static JoinGroupResponseData joined(Group group, Member member, boolean withMembers) {
    String leader = group.members.leaderId();
    return new JoinGroupResponseData()
        .setMemberId(member.id)
        .setGenerationId(group.generation())
        .setProtocolType(group.protocolType())
        .setProtocolName(group.protocolName())
        .setLeader(leader == null ? "" : leader)
        .setMembers(withMembers ? members(group) : List.of());
  }

  private static List<JoinGroupResponseMember> members(Group group) {
    return group.members.view().stream()
        .map(member ->
            new JoinGroupResponseMember()
                .setMemberId(member.id)
                .setGroupInstanceId(member.instanceId)
                .setMetadata(member.metadata(group.protocolName())))
        .toList();
  }

  static SyncGroupResponseData synced(Group group, Member member) {
    return new SyncGroupResponseData()
        .setProtocolType(group.protocolType())
        .setProtocolName(group.protocolName())
        .setAssignment(member.assignment());
  }

  static SyncGroupResponseData syncRefused(Errors error) {
    return new SyncGroupResponseData().setErrorCode(error.code());
  }
}
