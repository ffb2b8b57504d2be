package io.tidemark.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Fetches batches and throws them away, over so many connections, each a thread with a fetch
 * session and one request under way: from the start of every partition to its end, or from the end
 * for so long.
 */
public final class FetchLoad {
  private static final int LIST_OFFSETS_VERSION = 7;
  private static final long EARLIEST = -2;
  private static final long LATEST = -1;

  /**
   * How is fetched.
   *
   * @param isShared whether connections share the partitions; else each reads all of them
   */
  public record Settings(
      int connections,
      boolean isShared,
      int minBytes,
      int maxWaitMs,
      int maxBytes,
      int partitionMaxBytes) {}

  private final Topic topic;
  private final Settings settings;

  public FetchLoad(Topic topic, Settings settings) {
    this.topic = topic;
    this.settings = settings;
  }

  /** Reads everything that is there. */
  public Load catchUp() throws IOException {
    return run(EARLIEST, Long.MAX_VALUE);
  }

  /** Reads everything again and again, for so long. */
  public Load catchUpFor(double seconds) throws IOException {
    long endNs = System.nanoTime() + (long) (seconds * 1e9);
    long startNs = System.nanoTime();
    Load all = Load.NONE;
    while (System.nanoTime() < endNs) {
      all = all.with(run(EARLIEST, endNs));
    }
    return new Load(all.records(), all.bytes(), all.requests(), System.nanoTime() - startNs);
  }

  /** Reads what arrives, for so long. */
  public Load tail(double seconds) throws IOException {
    return run(LATEST, System.nanoTime() + (long) (seconds * 1e9));
  }

  private Load run(long from, long endNs) throws IOException {
    List<Workers.Work> works = new ArrayList<>();
    for (int i = 0; i < settings.connections; i++) {
      Positions positions = new Positions(partitionsOf(i));
      if (positions.partitions().length > 0) {
        works.add(() -> fetch(positions, from, endNs));
      }
    }
    return Workers.run("fetch", works);
  }

  private int[] partitionsOf(int connection) {
    return IntStream.range(0, topic.partitions())
        .filter(partition -> !settings.isShared || partition % settings.connections == connection)
        .toArray();
  }

  private Load fetch(Positions positions, long from, long endNs) throws IOException {
    try (ClientSocket socket = new ClientSocket(topic.onlyLeader())) {
      seek(socket, positions, from);
      ByteBuffer memory = ByteBuffer.allocateDirect(128 + 64 * positions.partitions().length);
      FetchStream stream = new FetchStream(socket, positions);
      long startNs = System.nanoTime();
      long requests = 0;
      boolean isAtEnd = false;
      while (!isAtEnd && System.nanoTime() < endNs) {
        socket.send(request(positions, stream.sessionId(), (int) requests, memory).bytes());
        stream.readResponse();
        requests++;
        isAtEnd = from == EARLIEST && positions.areAtEnd();
      }
      return new Load(stream.records(), stream.batchBytes(), requests, System.nanoTime() - startNs);
    }
  }

  private void seek(ClientSocket socket, Positions positions, long timestamp) throws IOException {
    ListOffsetsTopic wanted = new ListOffsetsTopic().setName(topic.name());
    for (int partition : positions.partitions()) {
      wanted
          .partitions()
          .add(
              new ListOffsetsPartition()
                  .setPartitionIndex(partition)
                  .setCurrentLeaderEpoch(-1)
                  .setTimestamp(timestamp));
    }
    ListOffsetsRequestData body =
        new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(wanted));
    Request request = Request.of(ApiKeys.LIST_OFFSETS, LIST_OFFSETS_VERSION, body);
    ListOffsetsResponseData answer = socket.call(request, new ListOffsetsResponseData());
    for (ListOffsetsPartitionResponse found : answer.topics().getFirst().partitions()) {
      positions.advance(found.partitionIndex(), found.offset());
    }
  }

  /** The first request opens a session with all partitions, the others name those that moved. */
  private Request request(Positions positions, int sessionId, int sent, ByteBuffer memory) {
    FetchTopic fetched = new FetchTopic().setTopicId(topic.id());
    for (int partition : positions.moved()) {
      fetched
          .partitions()
          .add(
              new FetchPartition()
                  .setPartition(partition)
                  .setFetchOffset(positions.next(partition))
                  .setPartitionMaxBytes(settings.partitionMaxBytes));
    }
    FetchRequestData body =
        new FetchRequestData()
            .setMinBytes(settings.minBytes)
            .setMaxWaitMs(settings.maxWaitMs)
            .setMaxBytes(settings.maxBytes)
            .setSessionId(sessionId)
            .setSessionEpoch(sent)
            .setTopics(fetched.partitions().isEmpty() ? List.of() : List.of(fetched));
    return Request.of(ApiKeys.FETCH, FetchStream.VERSION, body, memory);
  }
}
