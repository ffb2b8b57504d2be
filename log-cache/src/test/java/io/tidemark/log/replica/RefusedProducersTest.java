package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.ORDERS;
import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManualTime;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class RefusedProducersTest {
  private final ManualTime time = new ManualTime(0);
  private final RefusedProducers refused = new RefusedProducers(time);

  @Test
  void whatIsAboveTheLowestRefusedSequenceIsAhead() {
    refused.note(ORDERS, idempotent(9, 0, 5, "a"));
    refused.note(ORDERS, idempotent(9, 0, 3, "a"));
    refused.note(ORDERS, idempotent(9, 0, 8, "a"));

    assertThat(isAhead(9, 0, 4)).isTrue();
    assertThat(isAhead(9, 0, 3)).isFalse();
    assertThat(isAhead(9, 1, 4)).isFalse();
    assertThat(isAhead(8, 0, 4)).isFalse();
  }

  @Test
  void aTopicMayBeNamedByItsIdOrByItsName() {
    refused.note(ORDERS.topicId(), "", 0, idempotent(9, 0, 0, "a"));
    refused.note(Uuid.ZERO_UUID, ORDERS.topic(), 0, idempotent(8, 0, 0, "a"));
    refused.note(Uuid.ZERO_UUID, "others", 0, idempotent(7, 0, 0, "a"));

    assertThat(isAhead(9, 0, 1)).isTrue();
    assertThat(isAhead(8, 0, 1)).isTrue();
    assertThat(isAhead(7, 0, 1)).isFalse();
  }

  @Test
  void whatComesAgainAndAgainDoesNotKeepWaitingForOneThatNeverComes() {
    refused.note(ORDERS, idempotent(9, 0, 3, "a"));
    time.advanceMs(RefusedProducers.KEPT_MS - 1);
    refused.note(ORDERS, idempotent(9, 0, 4, "b"));
    time.advanceMs(1);

    assertThat(isAhead(9, 0, 4)).isFalse();
  }

  @Test
  void oneThatWasTakenIsForgotten() {
    refused.note(Uuid.ZERO_UUID, ORDERS.topic(), 0, idempotent(9, 0, 0, "a"));
    refused.taken(ORDERS, header(idempotent(9, 0, 0, "a")));

    assertThat(isAhead(9, 0, 1)).isFalse();
  }

  @Test
  void anythingButABatchOfAnIdempotentProducerIsIgnored() {
    refused.note(ORDERS, batch("a"));
    refused.note(ORDERS, ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES - 1));

    assertThat(isAhead(RecordBatchHeader.NO_PRODUCER_ID, 0, 1)).isFalse();
  }

  @Test
  void theNewestAreKeptAndNoneForEver() {
    for (int producer = 0; producer <= RefusedProducers.MAX; producer++) {
      refused.note(ORDERS, idempotent(producer, 0, 0, "a"));
    }

    assertThat(isAhead(0, 0, 1)).isFalse();
    assertThat(isAhead(1, 0, 1)).isTrue();
    time.advanceMs(RefusedProducers.KEPT_MS);
    assertThat(isAhead(1, 0, 1)).isFalse();
  }

  private boolean isAhead(long producerId, int epoch, int sequence) {
    return refused.isAhead(ORDERS, header(idempotent(producerId, epoch, sequence, "b")));
  }

  private static RecordBatchHeader header(ByteBuffer batch) {
    return new RecordBatchHeader().wrap(batch, batch.position());
  }
}
