package io.tidemark.gateway.console;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * What happened in the cluster since this node started, told from the differences between its
 * images: so every node tells of the whole cluster. Keeps the last {@link #CAPACITY}; of many
 * changes of one kind at once it tells {@link #MOST_AT_ONCE} and counts the rest. Written by the
 * image's thread, read by any.
 */
public final class ClusterEvents implements ImageListener {
  static final int CAPACITY = 500;
  static final int MOST_AT_ONCE = 8;

  private final Time time;
  private final Deque<Event> ring = new ArrayDeque<>(); // guarded by this
  private long nextSequence = 1; // guarded by this

  /**
   * Something that happened.
   *
   * @param sequence rises by one
   * @param timeMs when this node learned of it
   * @param kind node, leader, topic, upload, deletion, move or settings
   */
  record Event(long sequence, long timeMs, String kind, String text) {}

  public ClusterEvents(Time time) {
    this.time = time;
  }

  /** Later ones than a sequence number, newest first. */
  synchronized List<Event> after(long sequence, int most) {
    List<Event> found = new ArrayList<>();
    for (Event event : (Iterable<Event>) ring::descendingIterator) {
      if (event.sequence() <= sequence || found.size() == most) {
        break;
      }
      found.add(event);
    }
    return found;
  }

  private synchronized void add(String kind, String text) {
    if (ring.size() == CAPACITY) {
      ring.removeFirst();
    }
    ring.addLast(new Event(nextSequence++, time.milliseconds(), kind, text));
  }

  private void addAll(String kind, List<String> texts) {
    texts.stream().limit(MOST_AT_ONCE).forEach(text -> add(kind, text));
    if (texts.size() > MOST_AT_ONCE) {
      add(kind, "… and " + (texts.size() - MOST_AT_ONCE) + " more like it");
    }
  }

  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    if (previous.version() == ClusterImage.NO_VERSION) {
      return; // what there was before this node looked did not happen now
    }
    addAll("node", nodes(previous, next, delta));
    addAll("topic", topics("created", next, delta.createdTopics()));
    addAll("topic", topics("deleted", previous, delta.deletedTopics()));
    addAll("leader", partitions(previous, next, delta, ClusterEvents::leader));
    addAll("move", partitions(previous, next, delta, ClusterEvents::move));
    addAll("upload", partitions(previous, next, delta, ClusterEvents::upload));
    addAll("deletion", partitions(previous, next, delta, ClusterEvents::deletion));
    addAll("settings", settings(delta));
  }

  private static List<String> nodes(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    return delta.changedNodes().stream()
        .sorted()
        .map(id -> {
          NodeImage before = previous.nodes().get(id).orElse(null);
          NodeImage now = next.nodes().get(id).orElse(null);
          return "Node " + id + " " + change(before, now);
        })
        .toList();
  }

  private static String change(@Nullable NodeImage before, @Nullable NodeImage now) {
    if (now == null) {
      return "was removed from the cluster";
    }
    if (before == null) {
      return "joined the cluster";
    }
    if (before.epoch() != now.epoch()) {
      return "started again";
    }
    if (before.fenced() != now.fenced()) {
      return now.fenced() ? "was fenced: it leads nothing" : "serves";
    }
    return now.inControlledShutdown() ? "stops and hands its leaderships over" : "changed";
  }

  private static List<String> topics(String what, ClusterImage image, Iterable<Uuid> ids) {
    List<String> told = new ArrayList<>();
    ids.forEach(id ->
        image
            .topics()
            .byId(id)
            .ifPresent(topic ->
                told.add(
                    "Topic %s with %d partitions was %s"
                        .formatted(topic.name(), topic.partitionCount(), what))));
    told.sort(null);
    return told;
  }

  /** A partition before and after. */
  private record Change(PartitionImage before, PartitionImage now) {}

  private static List<String> partitions(
      ClusterImage previous,
      ClusterImage next,
      ImageDelta delta,
      Function<Change, Optional<String>> tell) {
    List<String> told = new ArrayList<>();
    delta
        .changedPartitions()
        .forEach((id, indexes) -> {
          TopicImage topic = next.topics().byId(id).orElseThrow();
          for (int index : indexes) {
            previous
                .topics()
                .partition(id, index)
                .map(before -> new Change(before, topic.partitions().get(index)))
                .flatMap(tell)
                .ifPresent(text -> told.add(topic.name() + "-" + index + " " + text));
          }
        });
    told.sort(null);
    return told;
  }

  private static Optional<String> leader(Change change) {
    if (change.before().leader() == change.now().leader()) {
      return Optional.empty();
    }
    return Optional.of(
        change.now().hasLeader()
            ? "is led by node %d, epoch %d"
                .formatted(change.now().leader(), change.now().leaderEpoch())
            : "has no leader");
  }

  private static Optional<String> move(Change change) {
    boolean before = change.before().reassignment().isUnderWay();
    boolean now = change.now().reassignment().isUnderWay();
    if (before == now) {
      return Optional.empty();
    }
    return Optional.of(
        now
            ? "moves to nodes " + change.now().targetReplicas()
            : "is on nodes " + change.now().replicas());
  }

  private static Optional<String> upload(Change change) {
    return change.now().tieredOffset() > change.before().tieredOffset()
        ? Optional.of("is in the store up to offset " + change.now().tieredOffset())
        : Optional.empty();
  }

  private static Optional<String> deletion(Change change) {
    return change.now().logStartOffset() > change.before().logStartOffset()
        ? Optional.of("begins at offset " + change.now().logStartOffset())
        : Optional.empty();
  }

  private static List<String> settings(ImageDelta delta) {
    return delta.changedConfigs().stream()
        .map(resource ->
            "Settings of %s %s were changed"
                .formatted(
                    resource.type().name().toLowerCase(Locale.ROOT),
                    resource.name().isEmpty() ? "(all)" : resource.name()))
        .sorted()
        .toList();
  }
}
