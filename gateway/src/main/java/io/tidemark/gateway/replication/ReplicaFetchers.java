package io.tidemark.gateway.replication;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.validate.BatchValidator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.utils.Time;

/**
 * The replicas of this node that follow, each fetched from its leader's node by one lane of {@code
 * num.replica.fetchers}. Told by the image's thread who follows whom; closed by the wiring before
 * the replicas are. The lock guards who is followed by which lane.
 */
public final class ReplicaFetchers implements AutoCloseable {

  /** A lane to one node. */
  private record Lane(int leaderId, int index) {}

  /** Which replica follows by which lane. */
  record Following(FollowedPartition partition, Replica replica, ReplicaFetcher fetcher) {}

  private final FollowerTools tools;
  private final IntFunction<Optional<HostPort>> addresses;
  private final Function<String, ScheduledExecutorService> threads;
  private final Map<TopicIdPartition, Following> followed = new ConcurrentHashMap<>();
  private final Map<Lane, ReplicaFetcher> fetchers = new HashMap<>();

  /**
   * Fetches nothing yet.
   *
   * @param addresses where another node serves this one now
   * @param nodeEpoch this life of the node
   * @param threads makes an executor with one thread; who made it ends it
   */
  public ReplicaFetchers(
      FetcherSettings settings,
      Peers peers,
      IntFunction<Optional<HostPort>> addresses,
      TierStarts tierStarts,
      BatchValidator validator,
      LongSupplier nodeEpoch,
      ReplicationThrottle throttle,
      Function<String, ScheduledExecutorService> threads,
      Time time,
      MeterRegistry registry) {
    this.addresses = addresses;
    this.threads = threads;
    this.tools =
        new FollowerTools(
            settings,
            peers,
            tierStarts,
            validator,
            nodeEpoch,
            throttle,
            time,
            new FetcherMeters(registry, followed.values()));
  }

  /**
   * Fetches from this leader from now on, in the place of any earlier one. The replica follows in
   * that epoch already; an epoch that is not newer than the one it is followed in changes nothing.
   */
  public synchronized void follow(Replica replica, int leaderId, int leaderEpoch) {
    Following before = followed.get(replica.id());
    if (before != null
        && before.replica() == replica
        && before.partition().leaderEpoch >= leaderEpoch) {
      return;
    }
    forget(replica.id());
    FollowedPartition partition =
        new FollowedPartition(replica.id(), leaderEpoch, Position.of(replica));
    ReplicaFetcher fetcher = fetcher(new Lane(leaderId, laneOf(replica.id())));
    followed.put(replica.id(), new Following(partition, replica, fetcher));
    fetcher.follow(partition, replica);
  }

  /** The replica leads, leaves, or has no leader. */
  public synchronized void forget(TopicIdPartition id) {
    Following before = followed.remove(id);
    if (before != null) {
      before.fetcher().forget(before.partition());
    }
  }

  private int laneOf(TopicIdPartition id) {
    return Math.floorMod(31 * id.topicId().hashCode() + id.partition(), lanes());
  }

  private int lanes() {
    return tools.settings().fetchersPerLeader();
  }

  private ReplicaFetcher fetcher(Lane lane) {
    return fetchers.computeIfAbsent(
        lane,
        key ->
            new ReplicaFetcher(
                "fetch-" + key.index(),
                () -> addresses.apply(key.leaderId()),
                tools,
                threads.apply("fetcher-%d-%d".formatted(key.leaderId(), key.index()))));
  }

  /** Nothing more is fetched or appended. Idempotent. */
  @Override
  public synchronized void close() {
    fetchers.values().forEach(ReplicaFetcher::close);
  }
}
