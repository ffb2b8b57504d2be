package io.tidemark.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class FetchStreamTest {

  @Test
  void passesWholeBatchesAndLeavesTheOneCutShort() throws IOException {
    Batch batch = Batch.of(100, 1_000, "none", 1L);
    int whole = batch.sizeBytes();
    Positions positions = new Positions(new int[] {0, 1});

    FetchStream stream =
        read(
            response(
                partition(0, batches(batch, 0, whole)),
                partition(1, batches(batch, 5, whole - 20))),
            positions);

    assertThat(positions.next(0)).isEqualTo(batch.recordCount());
    assertThat(positions.next(1)).isZero();
    assertThat(stream.records()).isEqualTo(batch.recordCount());
    assertThat(stream.batchBytes()).isEqualTo(whole);
    assertThat(positions.areAtEnd()).isFalse();
  }

  @Test
  void throwsTheErrorOfAPartition() {
    PartitionData partition =
        new PartitionData()
            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
            .setRecords(MemoryRecords.EMPTY);

    assertThatThrownBy(() -> read(response(partition), new Positions(new int[] {0})))
        .isInstanceOf(UnknownTopicIdException.class);
  }

  private static MemoryRecords batches(Batch batch, long baseOffset, int sizeBytes) {
    ByteBuffer copy = ByteBuffer.allocate(batch.sizeBytes());
    copy.put(batch.records().buffer().duplicate()).flip();
    copy.putLong(0, baseOffset);
    return MemoryRecords.readableRecords(copy.limit(sizeBytes));
  }

  private static PartitionData partition(int index, MemoryRecords records) {
    return new PartitionData()
        .setPartitionIndex(index)
        .setHighWatermark(100)
        .setAbortedTransactions(null)
        .setRecords(records);
  }

  private static FetchResponseData response(PartitionData... partitions) {
    return new FetchResponseData()
        .setResponses(
            List.of(
                new FetchableTopicResponse()
                    .setTopicId(Uuid.ONE_UUID)
                    .setPartitions(List.of(partitions))));
  }

  /** Sends the response over a real connection. */
  private static FetchStream read(FetchResponseData response, Positions positions)
      throws IOException {
    try (ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ClientSocket client = new ClientSocket((InetSocketAddress) server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      ByteBuffer bytes = encode(response);
      while (bytes.hasRemaining()) {
        accepted.write(bytes);
      }
      FetchStream stream = new FetchStream(client, positions);
      stream.readResponse();
      return stream;
    }
  }

  private static ByteBuffer encode(FetchResponseData response) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    ResponseHeaderData header = new ResponseHeaderData();
    header.addSize(size, cache, (short) 1);
    response.addSize(size, cache, FetchStream.VERSION);
    ByteBuffer bytes = ByteBuffer.allocate(4 + size.totalSize()).putInt(size.totalSize());
    ByteBufferAccessor writable = new ByteBufferAccessor(bytes);
    header.write(writable, cache, (short) 1);
    response.write(writable, cache, FetchStream.VERSION);
    return bytes.flip();
  }
}
