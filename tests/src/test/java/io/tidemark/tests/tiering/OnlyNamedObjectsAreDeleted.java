package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tiering.manifest.PendingDelete;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * An object is deleted only when the current manifest of its partition names it for deletion and
 * does not need it, or when its topic is deleted.
 */
final class OnlyNamedObjectsAreDeleted {
  private OnlyNamedObjectsAreDeleted() {}

  /** To be called before the keys are deleted. */
  static void check(TierWorld world, List<String> keys) {
    Set<String> named = new HashSet<>();
    Set<String> needed = new HashSet<>();
    for (TopicIdPartition id : world.partitions()) {
      ColdLog cold = ColdLog.of(world, id);
      cold.manifest().pendingDeletes().stream().map(PendingDelete::key).forEach(named::add);
      needed.addAll(cold.keys());
    }
    for (String key : keys) {
      assertThat(needed).as("needed, and being deleted").doesNotContain(key);
      if (!isOfDeletedTopic(world, key)) {
        assertThat(named).as("named for deletion").contains(key);
      }
    }
  }

  private static boolean isOfDeletedTopic(TierWorld world, String key) {
    for (String part : key.split("/", -1)) {
      if (part.length() == Uuid.ZERO_UUID.toString().length()
          && world.partitions().stream().anyMatch(id -> id.topicId().toString().equals(part))) {
        return false;
      }
    }
    return true;
  }
}
