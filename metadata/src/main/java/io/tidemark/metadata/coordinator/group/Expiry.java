package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetErased;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all groups from time to time: erases offsets that have expired or whose topic is
 * gone, then empty groups that have none left.
 */
final class Expiry {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  private final GroupConfig config;
  private final ExpiryPolicy policy;
  private final TopicDirectory topics;
  private final GroupLedger ledger;
  private final Groups groups;
  private final Deadlines deadlines;
  private final GroupMeters meters;
  private final Deadline next;

  Expiry(
      GroupConfig config,
      TopicDirectory topics,
      GroupLedger ledger,
      Groups groups,
      Deadlines deadlines,
      GroupMeters meters) {
    this.config = config;
    this.policy = new ExpiryPolicy(config.offsetsRetentionMs());
    this.topics = topics;
    this.ledger = ledger;
    this.groups = groups;
    this.deadlines = deadlines;
    this.meters = meters;
    this.next = deadlines.create(this::check);
  }

  void schedule(Turn turn) {
    deadlines.set(next, turn.monotonicMs() + config.offsetsRetentionCheckIntervalMs());
  }

  private void check(Turn turn) {
    int erased = 0;
    int deleted = 0;
    for (Group group : groups.all()) {
      List<OffsetErased> due = due(turn, group);
      due.forEach(event -> ledger.write(turn, event));
      erased += due.size();
      if (group.is(GroupState.EMPTY)
          && ledger.offsets(group.id).isEmpty()
          && !ledger.pending().hasAny(group.id)) {
        groups.delete(turn, group);
        deleted++;
      }
    }
    meters.expired(erased);
    if (erased + deleted > 0) {
      LOG.info("Erased {} expired offsets and {} empty groups", erased, deleted);
    }
    schedule(turn);
  }

  private List<OffsetErased> due(Turn turn, Group group) {
    List<OffsetErased> due = new ArrayList<>();
    ledger
        .offsets(group.id)
        .byTopic()
        .forEach((topic, partitions) ->
            partitions.forEach((partition, offset) -> {
              if (isTopicGone(topic, offset)
                  || (policy.isExpired(group, topic, offset, turn.wallClockMs())
                      && !ledger.pending().isPending(new OffsetKey(group.id, topic, partition)))) {
                due.add(new OffsetErased(group.id, topic, partition));
              }
            }));
    return due;
  }

  /** Its topic was deleted while nobody coordinated the group. */
  private boolean isTopicGone(String name, CommittedOffset offset) {
    if (!offset.knowsTopicId()) {
      return false;
    }
    KnownTopic current = topics.byName(name);
    return current == null || !current.id().equals(offset.topicId());
  }
}
