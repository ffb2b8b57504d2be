package io.tidemark.bench.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Produces the same batch again and again, over so many connections, each a thread with a window of
 * unanswered requests. The leaders of the topic share the connections; the partitions of a leader
 * take turns, and its connections begin at different ones.
 */
public final class ProduceLoad {
  private static final int PRODUCE_VERSION = 13;
  private static final int TIMEOUT_MS = 30_000;

  /**
   * What is sent.
   *
   * @param window unanswered requests of a connection
   * @param recordBytes of a record's value; it has no key
   * @param batchBytes as many records go into a batch as fit; at least one
   * @param batchesPerRequest each for another partition
   * @param recordsPerSecond of all connections together; 0 is as many as the server takes
   * @param acks −1, 1 or 0 (no answers are waited for)
   * @param compression Kafka's name of it
   */
  public record Settings(
      int connections,
      int window,
      int recordBytes,
      int batchBytes,
      int batchesPerRequest,
      int recordsPerSecond,
      int acks,
      String compression) {}

  private final Topic topic;
  private final Settings settings;
  private final Batch batch;
  private final List<Route> routes;

  /**
   * What goes to one leader.
   *
   * @param requests one that begins at each of its partitions
   */
  private record Route(InetSocketAddress leader, List<Request> requests) {}

  public ProduceLoad(Topic topic, Settings settings) {
    this.topic = topic;
    this.settings = settings;
    this.batch =
        Batch.of(
            settings.recordBytes,
            settings.batchBytes,
            settings.compression,
            System.currentTimeMillis());
    this.routes = topic.leaders().stream().distinct().map(this::route).toList();
    if (settings.connections < routes.size()) {
      throw new IllegalArgumentException(
          settings.connections + " connections to " + routes.size() + " leaders");
    }
  }

  private Route route(InetSocketAddress leader) {
    List<Integer> led =
        IntStream.range(0, topic.partitions())
            .filter(partition -> topic.leaders().get(partition).equals(leader))
            .boxed()
            .toList();
    return new Route(
        leader,
        IntStream.range(0, led.size()).mapToObj(first -> requestBeginningAt(led, first)).toList());
  }

  private Request requestBeginningAt(List<Integer> led, int first) {
    TopicProduceData topicData = new TopicProduceData().setTopicId(topic.id());
    for (int i = 0; i < batchesPerRequest(led.size()); i++) {
      topicData
          .partitionData()
          .add(
              new PartitionProduceData()
                  .setIndex(led.get((first + i) % led.size()))
                  .setRecords(batch.records()));
    }
    ProduceRequestData body =
        new ProduceRequestData().setAcks((short) settings.acks).setTimeoutMs(TIMEOUT_MS);
    body.topicData().add(topicData);
    return Request.of(ApiKeys.PRODUCE, PRODUCE_VERSION, body);
  }

  /** Produces for so long and waits for every answer. */
  public Load run(double seconds) throws IOException {
    long endNs = System.nanoTime() + (long) (seconds * 1e9);
    List<Workers.Work> works = new ArrayList<>();
    for (int i = 0; i < settings.connections; i++) {
      Route route = routes.get(i % routes.size());
      int first = i / routes.size() * settings.batchesPerRequest;
      works.add(() -> produce(route, first, endNs));
    }
    return Workers.run("produce", works);
  }

  private int batchesPerRequest(int partitions) {
    return Math.min(settings.batchesPerRequest, partitions);
  }

  private Load produce(Route route, int first, long endNs) throws IOException {
    try (ClientSocket socket = new ClientSocket(route.leader)) {
      long startNs = System.nanoTime();
      long intervalNs = intervalNs();
      List<Request> requests = route.requests;
      int batches = batchesPerRequest(requests.size());
      int next = first;
      long sent = 0;
      long answered = 0;
      while (System.nanoTime() < endNs) {
        awaitTurn(startNs + sent * intervalNs);
        Request request = requests.get(next % requests.size());
        socket.send(request.bytes());
        next += batches;
        sent++;
        if (settings.acks != 0 && sent - answered == settings.window) {
          answered(socket, requests.getFirst());
          answered++;
        }
      }
      while (settings.acks != 0 && answered < sent) {
        answered(socket, requests.getFirst());
        answered++;
      }
      long batchesSent = sent * batches;
      return new Load(
          batchesSent * batch.recordCount(),
          batchesSent * batch.sizeBytes(),
          sent,
          System.nanoTime() - startNs);
    }
  }

  /** 0 when there is no pace. */
  private long intervalNs() {
    if (settings.recordsPerSecond == 0) {
      return 0;
    }
    double recordsPerRequest = (double) batch.recordCount() * settings.batchesPerRequest;
    return (long) (1e9 * recordsPerRequest * settings.connections / settings.recordsPerSecond);
  }

  private static void awaitTurn(long dueNs) {
    long leftNs = dueNs - System.nanoTime();
    while (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = dueNs - System.nanoTime();
    }
  }

  private static void answered(ClientSocket socket, Request request) throws IOException {
    ProduceResponseData answer = new ProduceResponseData();
    socket.receive(request, answer);
    for (TopicProduceResponse topicAnswer : answer.responses()) {
      for (PartitionProduceResponse partition : topicAnswer.partitionResponses()) {
        Errors error = Errors.forCode(partition.errorCode());
        if (error != Errors.NONE) {
          throw error.exception(partition.errorMessage());
        }
      }
    }
  }
}
