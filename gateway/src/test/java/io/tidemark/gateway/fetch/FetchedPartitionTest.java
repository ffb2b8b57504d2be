package io.tidemark.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a follower hears of a high watermark without having to wait for records. */
class FetchedPartitionTest {
  private static final Uuid TOPIC = new Uuid(1, 2);

  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final FetchSession session = new FetchSession(loop, new LoopWatches(loop), true, true);

  @AfterEach
  void stop() {
    loop.shutdown();
  }

  private FetchedPartition follower(long fetchOffset, long knownHighWatermark) {
    return new FetchedPartition(
        new PartitionKey(TOPIC, "", 0), session, position(fetchOffset, knownHighWatermark));
  }

  private static FetchPartition position(long fetchOffset, long knownHighWatermark) {
    return new FetchPartition().setFetchOffset(fetchOffset).setHighWatermark(knownHighWatermark);
  }

  private static SeenOffsets leader(long highWatermark) {
    return new SeenOffsets("t", highWatermark, highWatermark, 0);
  }

  @Test
  void itHearsAtOnceThatMoreOfWhatItHasIsCommitted() {
    assertThat(follower(10, 5).hasNewHighWatermark(leader(6))).isTrue();
    assertThat(follower(10, 5).hasNewHighWatermark(leader(5))).isFalse();
  }

  @Test
  void itNeedNotHearOfWhatItDoesNotHave() {
    assertThat(follower(10, 10).hasNewHighWatermark(leader(50))).isFalse();
  }

  @Test
  void whatItWasToldIsNoNewsUntilItSaysThatItKnowsLess() {
    FetchedPartition partition = follower(10, 5);
    partition.told(leader(8));
    assertThat(partition.hasNewHighWatermark(leader(8))).isFalse();

    partition.moveTo(position(10, 5));
    assertThat(partition.hasNewHighWatermark(leader(8))).isTrue();
  }

  @Test
  void oneThatDoesNotSayWhatItKnowsIsToldOnce() {
    FetchedPartition partition = follower(10, Long.MAX_VALUE);
    assertThat(partition.hasNewHighWatermark(leader(8))).isTrue();

    partition.told(leader(8));
    assertThat(partition.hasNewHighWatermark(leader(8))).isFalse();
  }
}
