package io.tidemark.gateway.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peer;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.gateway.peer.Presence;
import io.tidemark.log.LogConfig;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.WireRecords;
import io.tidemark.log.replica.FollowerAssignment;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaResources;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.image.ClusterImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real replica that follows a leader whose answers are the test's. */
class ReplicaFetchersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TopicIdPartition ID = new TopicIdPartition(new Uuid(7, 7), 0, "t");
  private static final int LEADER = 2;
  private static final int EPOCH = 4;

  private record Asked(
      HostPort leader,
      String lane,
      FetchRequestData request,
      CompletableFuture<AbstractResponse> answer) {

    FetchPartition partition() {
      return request.topics().getFirst().partitions().getFirst();
    }

    void with(PartitionData data) {
      answer.complete(
          FetchResponse.of(
              new FetchResponseData()
                  .setSessionId(1)
                  .setResponses(
                      List.of(
                          new FetchableTopicResponse()
                              .setTopicId(ID.topicId())
                              .setPartitions(List.of(data))))));
    }
  }

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BlockingQueue<CompletableFuture<Long>> restarts = new LinkedBlockingQueue<>();
  private LogDirectories directories;
  private ReplicaSet replicas;
  private Replica replica;
  private ReplicaFetchers fetchers;

  @BeforeEach
  void open(@TempDir Path home) {
    directories =
        LogDirectories.open(
            List.of(home.resolve("data")),
            LogDirectorySettings.defaults(1),
            new LogResources(
                new FileSystemDisk(),
                Time.SYSTEM,
                new SplittableRandom(1),
                thread,
                directory -> thread));
    directories.identify("cluster");
    directories.recover(topic -> LogConfig.DEFAULTS);
    replicas =
        new ReplicaSet(
            new ReplicaSettings(1, 30_000, 5_000, 0, 1 << 20),
            directories,
            new NobodyElse(),
            new ReplicaResources(Time.SYSTEM, thread, directory -> thread, meters));
    replica = replicas.createOrOpen(ID, LogConfig.DEFAULTS);
    fetchers =
        new ReplicaFetchers(
            new FetcherSettings(1, 1, 1_000, 10_000, 1, 500, 1_000, 30_000),
            new Leader(),
            id -> Optional.of(new HostPort("leader-" + id, 9092)),
            follower -> {
              CompletableFuture<Long> restart = new CompletableFuture<>();
              restarts.add(restart);
              return restart;
            },
            new BatchValidator(Time.SYSTEM),
            () -> 33L,
            new ReplicationThrottle(
                new ThrottledReplicas("none", 1), () -> ClusterImage.EMPTY, Time.SYSTEM),
            name -> thread,
            Time.SYSTEM,
            meters);
  }

  @AfterEach
  void close() {
    fetchers.close();
    replicas.close(1_000);
    directories.close();
    thread.shutdown();
  }

  private final class Leader implements Peers {
    @Override
    public Peer at(HostPort address, String lane) {
      return new Peer() {
        @Override
        public CompletableFuture<AbstractResponse> send(
            ApiKeys key, ApiMessage request, long timeoutMs) {
          Asked question =
              new Asked(address, lane, (FetchRequestData) request, new CompletableFuture<>());
          asked.add(question);
          return question.answer();
        }
      };
    }

    @Override
    public CompletableFuture<Presence> probe(HostPort address) {
      return CompletableFuture.completedFuture(Presence.THERE);
    }

    @Override
    public void close() {}
  }

  private static final class NobodyElse implements IsrChanges {
    @Override
    public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
      return new CompletableFuture<>();
    }

    @Override
    public OptionalLong eligibleNodeEpoch(int nodeId) {
      return OptionalLong.empty();
    }
  }

  private void follow(int leaderId, int epoch) {
    replica
        .becomeFollower(
            new FollowerAssignment(leaderId, epoch, epoch, List.of(1, 2, 3), List.of(2, 3), 0, 0))
        .join();
    fetchers.follow(replica, leaderId, epoch);
  }

  private Asked next() throws InterruptedException {
    Asked question = asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(question).as("a fetch").isNotNull();
    return question;
  }

  private static ByteBuffer batch(long offset, String value) {
    RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.NONE);
    builder.append(1_000, null, ByteBuffer.wrap(value.getBytes(UTF_8)));
    ByteBuffer bytes = builder.build();
    RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, bytes.position());
    header.setBaseOffset(offset);
    header.setLeaderEpoch(EPOCH);
    return bytes;
  }

  private static PartitionData data(long highWatermark, ByteBuffer batches) {
    return new PartitionData()
        .setPartitionIndex(0)
        .setHighWatermark(highWatermark)
        .setLogStartOffset(0)
        .setRecords(WireRecords.of(batches));
  }

  private double count(String meter) {
    return meters.get(meter).counter().count();
  }

  @Test
  void whatComesIsAppendedAndTheNextFetchStandsBehindIt() throws Exception {
    follow(LEADER, EPOCH);
    Asked first = next();
    assertThat(first.leader().host()).isEqualTo("leader-2");
    assertThat(first.request().replicaState().replicaEpoch()).isEqualTo(33);
    assertThat(first.partition().fetchOffset()).isZero();
    first.with(data(0, batch(0, "a")));

    Asked second = next();

    assertThat(second.partition().fetchOffset()).isEqualTo(1);
    assertThat(second.partition().lastFetchedEpoch()).isEqualTo(EPOCH);
    second.with(data(1, ByteBuffer.allocate(0)));
    await().atMost(PATIENCE).until(() -> replica.view().highWatermark() == 1);
    assertThat(count("tidemark.replica.fetch.bytes")).isPositive();
  }

  @Test
  void aDamagedBatchIsNotCopiedOnButAskedForAgain() throws Exception {
    follow(LEADER, EPOCH);
    ByteBuffer damaged = batch(0, "a");
    damaged.put(damaged.limit() - 1, (byte) (damaged.get(damaged.limit() - 1) ^ 1));
    next().with(data(0, damaged));

    Asked again = next();

    assertThat(again.partition().fetchOffset()).isZero();
    assertThat(replica.view().logEndOffset()).isZero();
    assertThat(count("tidemark.replica.fetch.corrupt")).isOne();
    again.with(data(0, batch(0, "a")));
    await().atMost(PATIENCE).until(() -> replica.view().logEndOffset() == 1);
  }

  @Test
  void batchesThatTheLogHasAlreadyAreNotAppendedAgain() throws Exception {
    follow(LEADER, EPOCH);
    next().with(data(0, batch(0, "a")));
    next().with(data(0, batch(0, "again")));

    assertThat(next().partition().fetchOffset()).isEqualTo(1);
    assertThat(replica.view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void aLeaderThatIsGoneIsAskedAgainAndANewOneAtOnce() throws Exception {
    follow(LEADER, EPOCH);
    next().answer().completeExceptionally(new DisconnectException("gone"));
    Asked again = next();
    assertThat(again.leader().host()).isEqualTo("leader-2");

    follow(3, EPOCH + 1);
    Asked other = next();
    assertThat(other.leader().host()).isEqualTo("leader-3");
    assertThat(other.partition().currentLeaderEpoch()).isEqualTo(EPOCH + 1);
    again.with(data(0, batch(0, "too late")));
    other.with(data(0, batch(0, "in time")));
    assertThat(next().partition().fetchOffset()).isEqualTo(1);
  }

  @Test
  void withoutTheStoreAFollowerBelowTheLocalLogWaitsAndTriesAgain() throws Exception {
    follow(LEADER, EPOCH);
    next()
        .with(
            data(-1, ByteBuffer.allocate(0))
                .setErrorCode(Errors.OFFSET_MOVED_TO_TIERED_STORAGE.code()));
    CompletableFuture<Long> first = restarts.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    first.completeExceptionally(new IllegalStateException("this node has no store"));

    assertThat(next().partition().fetchOffset()).isZero();
  }

  @Test
  void whoDoesNotFollowAnyMoreIsNotFetched() throws Exception {
    follow(LEADER, EPOCH);
    Asked open = next();
    fetchers.forget(ID);
    open.with(data(0, batch(0, "a")));

    follow(3, EPOCH + 1);
    assertThat(next().leader().host()).isEqualTo("leader-3");
    assertThat(replica.view().logEndOffset()).isZero();
  }
}
