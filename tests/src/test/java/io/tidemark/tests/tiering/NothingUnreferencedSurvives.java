package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;

/**
 * A while after everything healed, the store holds what the current manifests need, no more. (I9)
 */
final class NothingUnreferencedSurvives {
  private NothingUnreferencedSurvives() {}

  static void check(TierWorld world) {
    Set<String> needed = new HashSet<>();
    for (TopicIdPartition id : world.partitions()) {
      needed.addAll(ColdLog.of(world, id).keys());
    }
    assertThat(listed(world.store())).containsExactlyInAnyOrderElementsOf(needed);
    assertThat(world.isEmptied()).as("deleted topics are forgotten").isTrue();
  }

  private static Set<String> listed(ObjectStore store) {
    Set<String> listed = new HashSet<>();
    Optional<String> after = Optional.of("");
    try {
      while (after.isPresent()) {
        String start = after.get();
        ListPage page =
            store.list(
                TierWorld.KEYS.clusterPrefix(),
                start.isEmpty() ? null : start,
                ObjectStore.MAX_KEYS);
        page.objects().stream().map(ObjectInfo::key).forEach(listed::add);
        after = page.nextStartAfter();
      }
    } catch (ObjectStoreException e) {
      throw new AssertionError("the store itself never fails", e);
    }
    return listed;
  }
}
