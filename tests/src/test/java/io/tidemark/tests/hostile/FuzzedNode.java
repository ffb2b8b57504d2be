package io.tidemark.tests.hostile;

import io.tidemark.gateway.net.MemoryClient;
import io.tidemark.gateway.net.MemoryServer;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.WireRecords;
import io.tidemark.tests.simulation.SimulatedMachine;
import io.tidemark.tests.simulation.Simulation;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A whole node above simulated ports, in the calling thread, with connections in memory: the real
 * frame decoder, handlers, logs and controller. From a seed; a healthy client keeps one connection
 * beside the hostile ones.
 */
final class FuzzedNode implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 1 << 20;
  private static final long PATIENCE_NS = 60_000_000_000L;
  static final int MAX_IDLE_BUFFER_BYTES = 2 << 20;
  private final Simulation simulation;
  private final SimulatedMachine machine;
  private MemoryServer server;
  private final Uuid victim;
  private final Uuid healthy;
  private MemoryClient hostile;
  private MemoryClient client;
  private long nextOffset;
  private int correlationId;

  FuzzedNode(long seed) {
    simulation = new Simulation(seed);
    machine =
        new SimulatedMachine(simulation, new SimulatedObjectStore())
            .with("log.segment.bytes", "1048576")
            .with("auto.create.topics.enable", "true")
            .with("max.incremental.fetch.session.cache.slots", "50");
    machine.start();
    machine.awaitServing();
    server = machine.node().listen(MAX_FRAME_BYTES);
    hostile = server.connect();
    client = server.connect();
    victim = create("victim");
    healthy = create("healthy");
  }

  /** Everybody goes on at a listener that other nodes do not use. */
  void moveToClientListener() {
    server.close();
    server = machine.node().listenToClients(MAX_FRAME_BYTES);
    hostile = server.connect();
    client = server.connect();
  }

  /** How many meters there are at its listener. */
  int meters() {
    return server.meters();
  }

  boolean serves(FuzzFrames.Call call) {
    return machine.node().serves(call.key(), call.version());
  }

  Uuid victim() {
    return victim;
  }

  private Uuid create(String name) {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    request
        .topics()
        .add(
            new CreatableTopic().setName(name).setNumPartitions(2).setReplicationFactor((short) 1));
    var response = (CreateTopicsResponseData) ask(ApiKeys.CREATE_TOPICS, (short) 7, request);
    return Objects.requireNonNull(response.topics().find(name)).topicId();
  }

  /** Sends a frame and sees what becomes of it. A connection that was closed is replaced. */
  Reaction send(FuzzFrame frame, int pieceBytes) {
    Marker marker = new Marker(++correlationId);
    hostile.send(frame.bytes(), pieceBytes);
    hostile.send(marker.frame(), Integer.MAX_VALUE);
    byte[] answer = null;
    long endNs = simulation.nowNs() + PATIENCE_NS;
    while (true) {
      server.run();
      byte[] next = hostile.next();
      if (next == null) {
        if (!hostile.isOpen()) {
          reconnect();
          return new Reaction.Closed(answer);
        }
        if (simulation.nowNs() > endNs || !simulation.step()) {
          reconnect();
          return new Reaction.Silent();
        }
      } else if (marker.isAnsweredBy(next)) {
        return answer == null ? new Reaction.Unanswered() : new Reaction.Answered(answer);
      } else if (answer == null) {
        answer = next;
      } else {
        return new Reaction.TwoAnswers();
      }
    }
  }

  /** Sends bytes that may be no frame at all, and hangs up. */
  void sendAndHangUp(byte[] bytes, int pieceBytes) {
    hostile.send(bytes, pieceBytes);
    for (int i = 0; i < 3; i++) {
      server.run();
      simulation.step();
    }
    reconnect();
  }

  private void reconnect() {
    hostile.close();
    hostile = server.connect();
  }

  /** One more record is written and read by the other client. */
  void checkHealthyClient() {
    byte[] value = Long.toString(nextOffset).getBytes(StandardCharsets.UTF_8);
    var produced = (ProduceResponseData) ask(ApiKeys.PRODUCE, (short) 13, produce(value));
    var partition = produced.responses().iterator().next().partitionResponses().getFirst();
    if (partition.errorCode() != 0 || partition.baseOffset() != nextOffset) {
      throw new AssertionError("the healthy client's record " + nextOffset + ": " + partition);
    }
    var fetched = (FetchResponseData) ask(ApiKeys.FETCH, (short) 18, fetch());
    var read = fetched.responses().getFirst().partitions().getFirst();
    ByteBuffer records = WireRecords.bytes(read.records());
    if (read.errorCode() != 0 || records == null || records.getLong(0) != nextOffset) {
      throw new AssertionError("the healthy client reads " + read);
    }
    nextOffset++;
  }

  private ProduceRequestData produce(byte[] value) {
    ByteBuffer batch =
        new RecordBatchBuilder(CompressionSpec.NONE)
            .append(simulation.wallClockMs(), null, value)
            .build();
    TopicProduceData topic = new TopicProduceData().setTopicId(healthy);
    topic
        .partitionData()
        .add(new PartitionProduceData().setIndex(0).setRecords(WireRecords.of(batch)));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
    request.topicData().add(topic);
    return request;
  }

  private FetchRequestData fetch() {
    FetchPartition partition =
        new FetchPartition()
            .setPartition(0)
            .setFetchOffset(nextOffset)
            .setPartitionMaxBytes(1 << 20);
    FetchTopic topic = new FetchTopic().setTopicId(healthy).setPartitions(List.of(partition));
    return new FetchRequestData()
        .setMaxWaitMs(5_000)
        .setMinBytes(1)
        .setMaxBytes(1 << 20)
        .setTopics(List.of(topic));
  }

  /** The healthy client asks something. */
  ApiMessage ask(ApiKeys key, short version, ApiMessage body) {
    FuzzFrame frame = FuzzFrame.of(key, version, ++correlationId, body);
    client.send(frame.bytes(), Integer.MAX_VALUE);
    long endNs = simulation.nowNs() + PATIENCE_NS;
    while (true) {
      server.run();
      byte[] answer = client.next();
      if (answer != null) {
        return frame.response(answer).data();
      }
      if (!client.isOpen() || simulation.nowNs() > endNs || !simulation.step()) {
        throw new AssertionError("the healthy client got no answer to " + key);
      }
    }
  }

  /** Nothing is kept of requests that were answered. */
  void checkMemory() {
    checkMemory(MAX_IDLE_BUFFER_BYTES);
  }

  /** Nothing is kept of requests that were answered, and so much at most for those to come. */
  void checkMemory(int maxIdleBufferBytes) {
    server.run();
    if (server.requestBytes() != 0 || server.bufferBytes() > maxIdleBufferBytes) {
      throw new AssertionError(
          "%d bytes of requests and %d of buffers are held for nobody"
              .formatted(server.requestBytes(), server.bufferBytes()));
    }
  }

  /** Hangs up and checks that every buffer was given back. */
  @Override
  public void close() {
    hostile.close();
    client.close();
    for (int i = 0; i < 2_000 && server.requestBytes() > 0; i++) {
      simulation.step();
      server.run();
    }
    server.close();
    long left = server.bufferBytes();
    machine.kill();
    if (left != 0) {
      throw new AssertionError(left + " bytes of buffers are lost");
    }
  }
}
