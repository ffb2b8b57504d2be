package io.tidemark.tests.node;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.log.record.WireRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;

/** Fetches partition 0 of topics from offset 0, one message at a time and without a session. */
final class Fetcher implements AutoCloseable {
  private static final short VERSION = 17;
  private static final int NO_SESSION = -1;

  private final RawConnection connection;
  private FetchResponseData answer = new FetchResponseData();

  Fetcher(NodeFixture node) throws IOException {
    connection = new RawConnection(node.bootstrapServers());
  }

  void fetch(int maxWaitMs, Uuid... topics) throws IOException {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(maxWaitMs)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setSessionEpoch(NO_SESSION);
    for (Uuid topic : topics) {
      FetchPartition partition = new FetchPartition().setPartition(0).setPartitionMaxBytes(1 << 20);
      request.topics().add(new FetchTopic().setTopicId(topic).setPartitions(List.of(partition)));
    }
    ByteBuffer body = MessageUtil.toByteBufferAccessor(request, VERSION).buffer();
    answer = (FetchResponseData) connection.ask(ApiKeys.FETCH, VERSION, body).response().data();
  }

  /** Bytes of records of a topic in the last answer. */
  int sizeOf(Uuid topic) {
    ByteBuffer bytes = WireRecords.bytes(partitionOf(topic).records());
    return bytes == null ? 0 : bytes.remaining();
  }

  Errors errorOf(Uuid topic) {
    return Errors.forCode(partitionOf(topic).errorCode());
  }

  private PartitionData partitionOf(Uuid topic) {
    return answer.responses().stream()
        .filter(response -> response.topicId().equals(topic))
        .flatMap(response -> response.partitions().stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no answer about " + topic));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
