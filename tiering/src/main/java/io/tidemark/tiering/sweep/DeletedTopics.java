package io.tidemark.tiering.sweep;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;

/**
 * What the quorum remembers about deleted topics until the store is rid of them, so that no restart
 * forgets one. Supplied by the wiring. Any thread; never blocks.
 */
public interface DeletedTopics {
  /** No topic is ever deleted: for a node without a share in this work. */
  DeletedTopics NONE =
      new DeletedTopics() {
        @Override
        public List<DeletedTopic> pending() {
          return List.of();
        }

        @Override
        public CompletableFuture<?> emptied(Uuid topicId) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /**
   * The deleted topics whose objects this node is to remove now; empty on all nodes but one. Doing
   * the work twice does no harm.
   */
  List<DeletedTopic> pending();

  /** No object of the topic is left: the quorum may forget it. May be repeated. */
  CompletableFuture<?> emptied(Uuid topicId);
}
