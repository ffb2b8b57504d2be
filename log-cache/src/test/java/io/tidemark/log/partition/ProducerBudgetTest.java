package io.tidemark.log.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node remembers of idempotent producers stays within its budget, whoever floods it. */
class ProducerBudgetTest {
  private static final int MAX = 100;
  private static final TopicIdPartition OTHER = new TopicIdPartition(new Uuid(9, 9), 0, "other");

  private final LogNode node = LogNode.started(1);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @BeforeEach
  void withALowLimit() {
    node.maxProducers = MAX;
    node.restart();
    node.directories().register(meters);
  }

  @Test
  void aFloodOfProducersIsBoundedAndTheLatestAreStillKnown() {
    PartitionLog log = node.log();

    for (int producer = 0; producer < 20 * MAX; producer++) {
      LogNode.append(log, batchOf(producer, 0));
      assertThat(remembered()).isLessThanOrEqualTo(2 * MAX);
    }

    assertThat(forgotten()).isGreaterThan(18 * MAX);
    for (int producer = 20 * MAX - MAX / 2; producer < 20 * MAX; producer++) {
      assertThat(isDuplicate(log, batchOf(producer, 0))).as("producer %d", producer).isTrue();
    }
    assertThat(isDuplicate(log, batchOf(0, 0))).isFalse();
  }

  @Test
  void aProducerThatWasForgottenWritesOn() {
    PartitionLog log = node.log();
    LogNode.append(log, batchOf(7, 0));
    flood(log);

    long end = log.offsets().logEndOffset();
    assertThat(LogNode.append(log, batchOf(7, 1))).isEqualTo(end);
  }

  @Test
  void aLogWithFewProducersKeepsThemWhateverAnotherIsSent() {
    PartitionLog quiet = node.directories().create(OTHER, node.log().config());
    for (int producer = 0; producer < 10; producer++) {
      LogNode.append(quiet, batchOf(producer, 0));
    }

    flood(node.log());
    LogNode.append(quiet, batchOf(10, 0));
    quiet.expireProducers(1);

    assertThat(quiet.producers()).hasSize(11);
  }

  @Test
  void aDeletedLogGivesBackWhatItRemembered() {
    PartitionLog other = node.directories().create(OTHER, node.log().config());
    LogNode.append(other, batchOf(1, 0));
    LogNode.append(node.log(), batchOf(2, 0));
    assertThat(remembered()).isEqualTo(2);

    node.directories().delete(OTHER);

    assertThat(remembered()).isEqualTo(1);
  }

  @Test
  void whatIsReadAtAStartCountsToo() {
    LogNode.append(node.log(), batchOf(1, 0));
    LogNode.append(node.log(), batchOf(2, 0));

    node.killProcess();
    SimpleMeterRegistry after = new SimpleMeterRegistry();
    node.directories().register(after);

    assertThat(after.get("tidemark.log.producers").gauge().value()).isEqualTo(2);
  }

  private static void flood(PartitionLog log) {
    for (int producer = 1_000; producer < 1_000 + 5 * MAX; producer++) {
      LogNode.append(log, batchOf(producer, 0));
    }
  }

  private static ByteBuffer batchOf(long producerId, int sequence) {
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            -1,
            producerId,
            (short) 0,
            sequence,
            false);
    builder.append(1, null, new byte[] {1});
    return builder.build();
  }

  private static boolean isDuplicate(PartitionLog log, ByteBuffer batch) {
    AppendPlan plan = log.plan(0);
    return plan.add(batch, 0, AppendOrigin.CLIENT, null) instanceof Admission.Duplicate;
  }

  private double remembered() {
    return meters.get("tidemark.log.producers").gauge().value();
  }

  private double forgotten() {
    return meters.get("tidemark.log.producers.forgotten").functionCounter().count();
  }
}
