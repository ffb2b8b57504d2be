package io.tidemark.gateway.console;

import io.tidemark.gateway.console.GroupQuestions.Groups;
import io.tidemark.gateway.console.GroupQuestions.Listed;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * {@code GET /v1/groups}: a page of the consumer groups with their lag; {@code GET
 * /v1/group?group=G}: one of them with its members and where it is in each partition.
 */
final class GroupsReport {
  private static final int MAX_MEMBERS = 200;

  private final GroupQuestions questions;

  GroupsReport(GroupQuestions questions) {
    this.questions = questions;
  }

  HttpResponse groups(HttpRequest request) {
    Page page = Page.of(request);
    Groups all = questions.all();
    List<Listed> found = all.groups().stream().filter(group -> page.lets(group.groupId())).toList();
    List<Listed> shown = page.of(found);
    Map<String, Map<TopicPartition, Long>> committed = questions.committed(shown, null);
    Map<String, DescribedGroup> described = questions.described(shown);
    Map<TopicPartition, Long> ends = ends(committed.values());
    JsonWriter json = new JsonWriter().object();
    page.write(json, found.size());
    Reports.ids(json, "unanswered", all.unanswered());
    json.name("groups").array();
    for (Listed group : shown) {
      Map<TopicPartition, Long> offsets = committed.getOrDefault(group.groupId(), Map.of());
      write(group, json.object());
      DescribedGroup members = described.get(group.groupId());
      if (members != null) {
        json.field("members", members.members().size());
      }
      json.field("partitions", offsets.size());
      writeLag(offsets, ends, json);
      json.end();
    }
    return Reports.answer(json.end().end());
  }

  private Map<TopicPartition, Long> ends(Iterable<Map<TopicPartition, Long>> committed) {
    Set<TopicPartition> partitions = new HashSet<>();
    committed.forEach(offsets -> partitions.addAll(offsets.keySet()));
    return questions.offsets(partitions, ListOffsetsRequest.LATEST_TIMESTAMP);
  }

  private static void write(Listed group, JsonWriter json) {
    json.field("group", group.groupId())
        .field("state", group.state())
        .field("protocolType", group.protocolType())
        .field("coordinator", group.node());
  }

  /** Without the partitions whose end is not known, which are counted. */
  private static void writeLag(
      Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> ends, JsonWriter json) {
    long lag = 0;
    int unknown = 0;
    for (Map.Entry<TopicPartition, Long> offset : offsets.entrySet()) {
      Long end = ends.get(offset.getKey());
      if (end == null) {
        unknown++;
      } else {
        lag += Math.max(0, end - offset.getValue());
      }
    }
    json.field("lag", lag).field("unknownPartitions", unknown);
  }

  HttpResponse group(HttpRequest request) {
    Page page = Page.of(request);
    String groupId = Reports.required(request, "group");
    Groups all = questions.all();
    Optional<Listed> found =
        all.groups().stream().filter(group -> group.groupId().equals(groupId)).findFirst();
    if (found.isEmpty()) {
      return Reports.missing("there is no group " + groupId);
    }
    List<Listed> only = List.of(found.get());
    Map<TopicPartition, Long> offsets =
        questions.committed(only, null).getOrDefault(groupId, Map.of());
    Map<TopicPartition, Long> ends = ends(List.of(offsets));
    JsonWriter json = new JsonWriter().object();
    write(found.get(), json);
    writeLag(offsets, ends, json);
    Reports.ids(json, "unanswered", all.unanswered());
    writeMembers(Optional.ofNullable(questions.described(only).get(groupId)), json);
    writePositions(page, offsets, ends, json);
    return Reports.answer(json.end());
  }

  private static void writeMembers(Optional<DescribedGroup> described, JsonWriter json) {
    json.name("members").array();
    described.stream()
        .flatMap(group -> group.members().stream())
        .limit(MAX_MEMBERS)
        .forEach(member ->
            json.object()
                .field("member", member.memberId())
                .field("client", member.clientId())
                .field("host", member.clientHost())
                .end());
    json.end();
  }

  private static void writePositions(
      Page page,
      Map<TopicPartition, Long> offsets,
      Map<TopicPartition, Long> ends,
      JsonWriter json) {
    List<TopicPartition> partitions =
        offsets.keySet().stream()
            .sorted(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparingInt(TopicPartition::partition))
            .toList();
    page.write(json, partitions.size());
    json.name("positions").array();
    for (TopicPartition partition : page.of(partitions)) {
      long offset = offsets.getOrDefault(partition, 0L);
      Long end = ends.get(partition);
      json.object()
          .field("topic", partition.topic())
          .field("partition", partition.partition())
          .field("offset", offset);
      if (end != null) {
        json.field("end", end).field("lag", Math.max(0, end - offset));
      }
      json.end();
    }
    json.end();
  }
}
