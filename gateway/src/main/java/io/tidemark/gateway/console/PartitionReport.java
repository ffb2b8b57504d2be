package io.tidemark.gateway.console;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.console.GroupQuestions.Listed;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import io.tidemark.log.partition.ActiveSegment;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/partition?topic=T&partition=N}: one log, so that it can be drawn: its offsets, its
 * segments in both tiers, and where groups are in it.
 *
 * <p>The store's segments are those of the manifest that is current in the image, on every node.
 * Offsets are the leader's: this node's own where it leads, else asked for; the log end only the
 * leader knows. Hot segments are those on this node's disk, so there are none where it has no
 * replica.
 */
final class PartitionReport {
  private static final int MAX_SEGMENTS = 400;
  private static final int MAX_GROUPS = 200;

  private final ClusterView cluster;
  private final Function<TopicIdPartition, Optional<Replica>> replicas;
  private final Console.Manifests manifests;
  private final GroupQuestions questions;

  /** Where a log begins and ends; what is not known is empty. */
  private record Offsets(
      OptionalLong logStart,
      OptionalLong localLogStart,
      OptionalLong highWatermark,
      OptionalLong logEnd) {}

  PartitionReport(
      ClusterView cluster,
      Function<TopicIdPartition, Optional<Replica>> replicas,
      Console.Manifests manifests,
      GroupQuestions questions) {
    this.cluster = cluster;
    this.replicas = replicas;
    this.manifests = manifests;
    this.questions = questions;
  }

  HttpResponse answer(HttpRequest request) {
    String name = Reports.required(request, "topic");
    int index = Page.number(request, "partition", 0, Integer.MAX_VALUE, 0);
    Optional<TopicImage> topic = cluster.image().topics().byName(name);
    Optional<PartitionImage> found = topic.flatMap(image -> image.partition(index));
    if (topic.isEmpty() || found.isEmpty()) {
      return Reports.missing("there is no partition " + index + " of " + name);
    }
    TopicIdPartition id = new TopicIdPartition(topic.get().id(), index, name);
    PartitionImage partition = found.get();
    Optional<Replica> replica = replicas.apply(id);
    JsonWriter json =
        new JsonWriter()
            .object()
            .field("topic", name)
            .field("partition", index)
            .field("node", cluster.nodeId())
            .field("leader", partition.leader())
            .field("leaderEpoch", partition.leaderEpoch());
    Reports.ids(json, "replicas", partition.replicas());
    Reports.ids(json, "isr", partition.isr());
    writeOffsets(offsets(id, replica), partition, json);
    writeHot(replica, json);
    writeCold(id, partition, json);
    writePositions(id.topicPartition(), json);
    return Reports.answer(json.end());
  }

  private Offsets offsets(TopicIdPartition id, Optional<Replica> replica) {
    Optional<ReplicaView> leading = replica.map(Replica::view).filter(ReplicaView::isLeader);
    if (leading.isPresent()) {
      ReplicaView view = leading.get();
      return new Offsets(
          OptionalLong.of(view.logStartOffset()),
          OptionalLong.of(view.localLogStartOffset()),
          OptionalLong.of(view.highWatermark()),
          OptionalLong.of(view.logEndOffset()));
    }
    TopicPartition partition = id.topicPartition();
    return new Offsets(
        questions.offset(partition, ListOffsetsRequest.EARLIEST_TIMESTAMP),
        questions.offset(partition, ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP),
        questions.offset(partition, ListOffsetsRequest.LATEST_TIMESTAMP),
        OptionalLong.empty());
  }

  private static void writeOffsets(Offsets offsets, PartitionImage image, JsonWriter json) {
    json.name("offsets").object();
    field("logStart", offsets.logStart(), json);
    field("localLogStart", offsets.localLogStart(), json);
    field("highWatermark", offsets.highWatermark(), json);
    field("logEnd", offsets.logEnd(), json);
    field(
        "tiered",
        image.manifest() == null ? OptionalLong.empty() : OptionalLong.of(image.tieredOffset()),
        json);
    json.end();
  }

  private static void field(String name, OptionalLong value, JsonWriter json) {
    if (value.isPresent()) {
      json.field(name, value.getAsLong());
    } else {
      json.field(name, null);
    }
  }

  private static void writeHot(Optional<Replica> replica, JsonWriter json) {
    json.field("hasReplica", replica.isPresent()).name("hotSegments").array();
    replica
        .filter(here -> here.view().isOnline())
        .ifPresent(here -> {
          last(here.closedSegments()).forEach(segment -> write(segment, json));
          ActiveSegment active = here.activeSegment();
          segment(
              active.baseOffset(), here.view().logEndOffset(), active.sizeBytes(), "active", json);
        });
    json.end();
  }

  private static void write(ClosedSegment segment, JsonWriter json) {
    String kind = segment.isDamaged() ? "damaged" : "closed";
    segment(segment.baseOffset(), segment.nextOffset(), segment.sizeBytes(), kind, json);
  }

  private static void segment(long base, long next, long bytes, String kind, JsonWriter json) {
    json.object()
        .field("base", base)
        .field("next", next)
        .field("bytes", bytes)
        .field("kind", kind)
        .end();
  }

  private static <T> List<T> last(List<T> all) {
    return all.subList(Math.max(0, all.size() - MAX_SEGMENTS), all.size());
  }

  private void writeCold(TopicIdPartition id, PartitionImage partition, JsonWriter json) {
    ManifestPointer pointer = partition.manifest();
    @Nullable String problem = null;
    json.name("coldSegments").array();
    if (pointer != null) {
      try {
        Manifest manifest = manifests.read(id, pointer);
        if (manifest == null) {
          problem = "node " + cluster.nodeId() + " has no object store (tiering.store)";
        } else {
          write(manifest, json);
        }
      } catch (ObjectStoreException e) {
        problem = "the manifest cannot be read: " + e.getMessage();
      }
    }
    json.end().field("coldProblem", problem);
  }

  /** Sealed lists of segments are one piece each: reading them would cost a call apiece. */
  private static void write(Manifest manifest, JsonWriter json) {
    last(manifest.leaves())
        .forEach(leaf ->
            segment(leaf.firstOffset(), leaf.nextOffset(), leaf.liveBytes(), "sealed", json));
    last(manifest.segments())
        .forEach(object ->
            segment(object.baseOffset(), object.nextOffset(), object.objectBytes(), "cold", json));
  }

  private void writePositions(TopicPartition partition, JsonWriter json) {
    List<Listed> groups = questions.all().groups();
    List<Listed> asked = groups.subList(0, Math.min(MAX_GROUPS, groups.size()));
    Map<String, Map<TopicPartition, Long>> committed = questions.committed(asked, partition);
    json.field("groupsLeftOut", groups.size() - asked.size()).name("positions").array();
    for (Listed group : asked) {
      Long offset = committed.getOrDefault(group.groupId(), Map.of()).get(partition);
      if (offset != null) {
        json.object().field("group", group.groupId()).field("offset", offset).end();
      }
    }
    json.end();
  }
}
