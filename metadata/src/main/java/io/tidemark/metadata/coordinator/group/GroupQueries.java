package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Tells what groups there are and what is in them. */
final class GroupQueries {
  /** From this version a missing group is an error; before, it is described as dead. */
  private static final int GROUP_ID_NOT_FOUND_VERSION = 6;

  private final Groups groups;

  GroupQueries(Groups groups) {
    this.groups = groups;
  }

  // ---------------------------------------------------------------- describe

  void describe(
      Turn turn, ClientContext client, List<String> groupIds, Answer<List<DescribedGroup>> answer) {
    List<DescribedGroup> described = new ArrayList<>();
    for (String groupId : groupIds) {
      Group group = groups.find(groupId);
      described.add(group == null ? missing(client, groupId) : describe(group));
    }
    turn.answer(answer, described);
  }

  private static DescribedGroup missing(ClientContext client, String groupId) {
    DescribedGroup dead =
        new DescribedGroup().setGroupId(groupId).setGroupState(GroupState.DEAD.toString());
    if (client.apiVersion() >= GROUP_ID_NOT_FOUND_VERSION) {
      dead.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
          .setErrorMessage("Group " + groupId + " not found.");
    }
    return dead;
  }

  /** Only a stable group has a protocol and assignments to tell. */
  private static DescribedGroup describe(Group group) {
    boolean isStable = group.is(GroupState.STABLE);
    String protocol = isStable ? group.protocolName() : null;
    return new DescribedGroup()
        .setGroupId(group.id)
        .setGroupState(group.state().toString())
        .setProtocolType(orEmpty(group.protocolType()))
        .setProtocolData(orEmpty(protocol))
        .setMembers(
            group.members.view().stream()
                .map(member -> describe(member, protocol, isStable))
                .toList());
  }

  private static DescribedGroupMember describe(
      Member member, @Nullable String protocol, boolean isStable) {
    DescribedGroupMember described =
        new DescribedGroupMember()
            .setMemberId(member.id)
            .setGroupInstanceId(member.instanceId)
            .setClientId(member.clientId)
            .setClientHost(member.clientHost);
    return isStable
        ? described
            .setMemberMetadata(member.metadata(protocol))
            .setMemberAssignment(member.assignment())
        : described;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  // ---------------------------------------------------------------- list

  /** The groups in one of these states and of one of these types; an empty filter takes all. */
  void list(Turn turn, ListGroupsRequestData request, Answer<ListGroupsResponseData> answer) {
    Set<String> states = lowerCase(request.statesFilter());
    Set<String> types = lowerCase(request.typesFilter());
    List<ListedGroup> listed = new ArrayList<>();
    if (types.isEmpty() || types.contains(lowerCase(GroupType.CLASSIC.toString()))) {
      for (Group group : groups.all()) {
        if (states.isEmpty() || states.contains(lowerCase(group.state().toString()))) {
          listed.add(listed(group));
        }
      }
    }
    turn.answer(answer, new ListGroupsResponseData().setGroups(listed));
  }

  private static ListedGroup listed(Group group) {
    return new ListedGroup()
        .setGroupId(group.id)
        .setProtocolType(orEmpty(group.protocolType()))
        .setGroupState(group.state().toString())
        .setGroupType(GroupType.CLASSIC.toString());
  }

  private static Set<String> lowerCase(List<String> filter) {
    return filter.stream().map(GroupQueries::lowerCase).collect(Collectors.toSet());
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
