package io.tidemark.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a test sees to it that what it reads comes from the object store. */
class ColdReadTest {
  @RegisterExtension
  static final TidemarkExtension tidemark =
      TidemarkExtension.builder()
          .property("tiering.upload.max.age.ms", "100")
          .property("log.retention.check.interval.ms", "100")
          .topic(new NewTopic("history", 1, (short) 1).configs(Map.of("local.retention.ms", "1")))
          .build();

  @Test
  void recordsAreReadFromTheStoreOnceNoLocalCopyIsLeft(TidemarkCluster cluster, Admin admin)
      throws Exception {
    cluster.send("history", "a", "long ago");
    TopicPartition partition = new TopicPartition("history", 0);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> offset(admin, partition, OffsetSpec.earliestLocal()) == 1);

    assertThat(offset(admin, partition, OffsetSpec.earliest())).isZero();
    assertThat(objects(cluster.store().orElseThrow())).isNotEmpty();
    assertThat(cluster.read("history", 1))
        .extracting(ConsumerRecord::value)
        .containsExactly("long ago");
  }

  private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec)
      throws Exception {
    ListOffsetsResultInfo found =
        admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get();
    return found.offset();
  }

  private static List<Path> objects(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
