package io.tidemark.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.replica.Isolation;
import io.tidemark.tiering.read.RemoteRead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session is to think of a partition that was answered from the bucket. */
class FetchAnswersTest {
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final FetchedPartition partition =
      new FetchedPartition(
          new PartitionKey(new Uuid(1, 2), "", 0),
          new FetchSession(loop, new LoopWatches(loop), true, true),
          new FetchPartition().setFetchOffset(10));

  @AfterEach
  void stop() {
    loop.shutdown();
  }

  private PartitionAnswer answer(MemorySlice slice, long nextOffset) {
    return FetchAnswers.of(
        partition,
        new SeenOffsets("t", 20, 20, 0),
        new RemoteRead(slice, 10, nextOffset, List.of()),
        Isolation.HIGH_WATERMARK);
  }

  @Test
  void whatHadNoRoomForItsFirstBatchIsLookedAtAgainAndKeepsItsTurn() {
    PartitionAnswer answer = answer(MemorySlice.empty(), 10);

    assertThat(answer.wasCut()).isTrue();
    assertThat(answer.mayHaveMore()).isTrue();
  }

  @Test
  void whatWasReadIsFollowedByTheOthersTurns() {
    PartitionAnswer answer =
        answer(new MemorySlice(List.of(ByteBuffer.allocate(100)), () -> {}), 15);

    assertThat(answer.wasCut()).isFalse();
    assertThat(answer.mayHaveMore()).isTrue();
  }
}
