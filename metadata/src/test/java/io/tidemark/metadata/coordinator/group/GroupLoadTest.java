package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.commitRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.joinRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.CoordinatorLog;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.ModelClock;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetCommitted;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Much of everything. */
final class GroupLoadTest {
  @Test
  @Timeout(100)
  void aMillionCommitsAreLoaded() {
    int commits = 1_000_000;
    GroupWorld world = new GroupWorld();
    Uuid topicId = world.topic("orders", 1).id();
    for (int i = 0; i < commits; i++) {
      CommittedOffset offset =
          new CommittedOffset(
              i, 3, "", world.clock.milliseconds(), CommittedOffset.NO_EXPIRY, topicId);
      world.log.put(
          0,
          GroupRecordCodec.encode(
              new OffsetCommitted("group-" + i % 500, "orders", i / 500 % 8, offset), i));
    }
    long startNs = System.nanoTime();
    world.failOver(2);
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    System.out.println("loaded " + commits + " commits in " + tookMs + " ms");

    assertThat(world.core().groups().all()).hasSize(500);
    assertThat(world.core().ledger().offsets("group-499").get("orders", 7)).isNotNull();
  }

  /** Members that come and go, in hundreds, every second. */
  @Test
  @Timeout(100)
  @Scenario("S-143")
  void fiveHundredMembersThatJoinAndLeaveConverge() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    GroupWorld world = new GroupWorld(CONFIG, 1, 8 << 20, seed);
    Map<Integer, String> ids = new HashMap<>();
    Map<Integer, JoinGroupResponseData> joined = new HashMap<>();
    for (int second = 0; second < 20; second++) {
      for (int i = 0; i < 500; i++) {
        int client = i;
        if (random.nextInt(4) == 0 && ids.containsKey(client)) {
          world.leave(String.valueOf(ids.remove(client)), null);
        } else {
          join(world, client, ids, joined);
        }
      }
      world.clock.advance(1_000);
    }
    for (int second = 0; second < 30; second++) {
      for (int i = 0; i < 500; i++) {
        JoinGroupResponseData mine = joined.get(i);
        boolean current = mine != null && mine.generationId() == world.generation();
        if (!current || world.state() == GroupState.PREPARING_REBALANCE) {
          join(world, i, ids, joined);
        }
      }
      world.clock.advance(500);
      syncAll(world, joined);
      world.clock.advance(500);
    }

    assertThat(world.state()).isEqualTo(GroupState.STABLE);
    assertThat(world.core().groups().get(GroupWorld.GROUP).members.size()).isEqualTo(500);
    assertThat(world.core().groups().get(GroupWorld.GROUP).members.pendingCount()).isZero();
  }

  private static void join(
      GroupWorld world,
      int client,
      Map<Integer, String> ids,
      Map<Integer, JoinGroupResponseData> joined) {
    JoinGroupRequestData request = joinRequest(ids.getOrDefault(client, ""));
    world
        .join(request.setRebalanceTimeoutMs(5_000).setSessionTimeoutMs(60_000))
        .thenAccept(response -> {
          switch (Errors.forCode(response.errorCode())) {
            case MEMBER_ID_REQUIRED -> {
              ids.put(client, response.memberId());
              join(world, client, ids, joined);
            }
            case NONE -> {
              ids.put(client, response.memberId());
              joined.put(client, response);
            }
            case UNKNOWN_MEMBER_ID -> ids.remove(client);
            default -> {}
          }
        });
    world.clock.run();
  }

  private static void syncAll(GroupWorld world, Map<Integer, JoinGroupResponseData> joined) {
    joined
        .values()
        .forEach(response ->
            world.coordinator.syncGroup(
                client(4),
                new SyncGroupRequestData()
                    .setGroupId(GroupWorld.GROUP)
                    .setMemberId(response.memberId())
                    .setGenerationId(response.generationId())
                    .setAssignments(
                        response.members().stream()
                            .map(member ->
                                new SyncGroupRequestAssignment()
                                    .setMemberId(member.memberId())
                                    .setAssignment(new byte[32]))
                            .toList())));
    world.clock.run();
  }

  /** What an assignor says of itself is carried as it is, up to a limit. */
  @Test
  @Scenario("S-145")
  void garbageOfAnAssignorIsCarriedAndTooMuchOfItRefused() {
    GroupWorld world = new GroupWorld(CONFIG, 1, 1 << 20, 1);
    byte[] garbage = new byte[700_000];
    new Random(1).nextBytes(garbage);
    var join = world.coordinator.joinGroup(client(3), joinWith(garbage));
    var second = world.coordinator.joinGroup(client(3), joinWith(garbage));
    var tooLarge = world.coordinator.joinGroup(client(3), joinWith(new byte[1 << 20]));
    world.clock.advance(GroupWorld.FORMING_MS);

    assertThat(world.now(tooLarge).errorCode()).isEqualTo(Errors.MESSAGE_TOO_LARGE.code());
    JoinGroupResponseData leader = world.now(join);
    assertThat(leader.members().getFirst().metadata()).isEqualTo(garbage);
    var sync = world.sync(leader.memberId(), 1, Map.of());
    assertThat(world.now(sync).errorCode())
        .as("two of them fit into no record")
        .isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
    world.leave(world.now(second).memberId(), null);
    var again =
        world.coordinator.joinGroup(client(9), joinWith(garbage).setMemberId(leader.memberId()));
    assertThat(world.now(again).errorCode()).isZero();
    assertThat(world.now(world.sync(leader.memberId(), 2, Map.of())).errorCode()).isZero();
    world.failOver(2);
    assertThat(world.heartbeat(leader.memberId(), 2)).isEqualTo(Errors.NONE);
  }

  @Test
  void aGroupKeepsNoMoreMetadataThanItsLimit() {
    GroupWorld world = new GroupWorld(CONFIG, 1, 2 << 20, 1);
    int accepted = 0;
    boolean refused = false;
    for (int i = 0; i < 40; i++) {
      var join = world.coordinator.joinGroup(client(3), joinWith(new byte[1 << 20]));
      world.clock.run();
      refused |= join.isDone() && join.join().errorCode() == Errors.GROUP_MAX_SIZE_REACHED.code();
      accepted += join.isDone() ? 0 : 1;
    }
    assertThat(refused).isTrue();
    assertThat(accepted).isEqualTo(Math.toIntExact(Joins.MAX_METADATA_BYTES >> 20));
  }

  /**
   * A pattern is the client's in the classic protocol: what reaches the coordinator is the list of
   * topics it matches, read once a generation and looked up by name from then on.
   */
  @Test
  @Timeout(100)
  @Scenario("S-148")
  void membersThatReadTenThousandTopicsCostNoMoreThanTheirLists() {
    int topics = 10_000;
    List<String> names = IntStream.range(0, topics).mapToObj(i -> "topic-" + i).toList();
    GroupWorld world = new GroupWorld(CONFIG, 1, 8 << 20, 1);
    names.forEach(name -> world.topic(name, name.hashCode()));
    List<CompletableFuture<JoinGroupResponseData>> joins = new ArrayList<>();
    long startNs = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
      protocols.add(
          new JoinGroupRequestProtocol()
              .setName("range")
              .setMetadata(GroupWorld.subscription(names)));
      joins.add(world.coordinator.joinGroup(client(3), joinRequest("").setProtocols(protocols)));
    }
    world.clock.advance(GroupWorld.FORMING_MS);
    List<String> ids = joins.stream().map(join -> world.now(join).memberId()).toList();
    world.syncAll(ids, 1);
    Group group = world.core().groups().get(GroupWorld.GROUP);
    assertThat(names).allMatch(group::isSubscribedTo);
    assertThat(group.isSubscribedTo("another")).isFalse();
    world.clock.advance(CONFIG.offsetsRetentionCheckIntervalMs());
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    System.out.println("20 members of " + topics + " topics in " + tookMs + " ms");
  }

  private static JoinGroupRequestData joinWith(byte[] metadata) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(metadata));
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[1]));
    return joinRequest("").setProtocols(protocols);
  }

  /**
   * Real threads: many clients commit to many partitions while the log answers from its own thread.
   */
  @Test
  @Timeout(60)
  void commitsOfManyThreadsAreAllThere() throws Exception {
    int partitions = 4;
    int threads = 4;
    int each = 5_000;
    try (ExecutorService pool = Executors.newFixedThreadPool(2);
        ExecutorService logThread = Executors.newSingleThreadExecutor()) {
      ThreadedLog log = new ThreadedLog(logThread);
      ModelClock clock = new ModelClock();
      KnownTopic topic = new KnownTopic(new Uuid(7, 1), "orders", 8);
      GroupCoordinator coordinator =
          new GroupCoordinator(
              CONFIG,
              log,
              new TopicDirectory() {
                @Override
                public KnownTopic byName(String name) {
                  return topic;
                }

                @Override
                public KnownTopic byId(Uuid id) {
                  return topic;
                }
              },
              () -> partitions,
              new CoordinatorPlatform(
                  pool, clock, clock, new Random(1), new SimpleMeterRegistry()));
      for (int partition = 0; partition < partitions; partition++) {
        coordinator.onElected(partition, 1);
      }
      List<CompletableFuture<OffsetCommitResponseData>> answers = new ArrayList<>();
      int failed = 0;
      try (ExecutorService senders = Executors.newFixedThreadPool(threads)) {
        for (int thread = 0; thread < threads; thread++) {
          String group = "group-" + thread;
          senders.execute(() -> {
            for (int i = 0; i < each; i++) {
              var answer =
                  coordinator.commitOffsets(
                      client(9),
                      commitRequest("", -1)
                          .setGroupId(group)
                          .setTopics(List.of(offsets("orders", Map.of(i % 8, (long) i)))));
              synchronized (answers) {
                answers.add(answer);
              }
              if (i % 200 == 0) {
                answer.join();
              }
            }
          });
        }
      }
      for (CompletableFuture<OffsetCommitResponseData> answer : answers) {
        short error =
            answer
                .get(30, TimeUnit.SECONDS)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
        if (error != Errors.NONE.code() && error != Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
          failed++;
        }
      }
      assertThat(failed).isZero();
      assertThat(answers).hasSize(threads * each);
      assertThat(log.appends.get()).as("appends gather").isLessThan(threads * each);
      System.out.println(threads * each + " commits in " + log.appends + " appends");
      coordinator.close();
    }
  }

  /** Keeps nothing; answers from a thread of its own. */
  private static final class ThreadedLog implements CoordinatorLog {
    private final ExecutorService thread;
    private final AtomicLong end = new AtomicLong();
    private final AtomicInteger appends = new AtomicInteger();

    ThreadedLog(ExecutorService thread) {
      this.thread = thread;
    }

    @Override
    public CompletableFuture<Long> load(int partition, int leaderEpoch, Replay replay) {
      return CompletableFuture.supplyAsync(
          () -> {
            replay.replay(
                List.of(new CoordinatorRecord(ByteBuffer.wrap(new byte[] {0, 99}), null, 0)));
            return 1L;
          },
          thread);
    }

    @Override
    public CompletableFuture<Long> append(
        int partition, int leaderEpoch, List<CoordinatorRecord> records) {
      return CompletableFuture.supplyAsync(
          () -> {
            appends.incrementAndGet();
            return end.addAndGet(records.size());
          },
          thread);
    }

    @Override
    public CompletableFuture<Long> end(int partition, int leaderEpoch, TransactionEnd end) {
      return CompletableFuture.supplyAsync(this.end::incrementAndGet, thread);
    }

    @Override
    public Optional<Errors> refuses(int partition, TransactionalProducer producer) {
      return Optional.empty();
    }

    @Override
    public Optional<Errors> refuses(int partition, TransactionEnd end) {
      return Optional.empty();
    }

    @Override
    public CompletableFuture<Void> committed(int partition, int leaderEpoch, long endOffset) {
      return CompletableFuture.runAsync(() -> {}, thread);
    }

    @Override
    public int maxBatchBytes(int partition) {
      return 1 << 20;
    }
  }
}
