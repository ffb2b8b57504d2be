package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.api.LocalPartitions;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.forward.Forwarder;
import io.tidemark.gateway.forward.Routes;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.replication.ReplicationThrottle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * Fetch: finds or opens the session and starts the round that answers.
 *
 * <pre>
 *  session id, epoch     what it is
 *  0, -1                 a full fetch without a session
 *  any, 0                a full fetch that opens a session (and closes the one it names)
 *  n, -1                 a full fetch that closes session n
 *  n, e                  an incremental fetch: e must be the session's next epoch
 * </pre>
 */
public final class FetchHandler implements ApiHandler {
  private static final short OLDEST_VERSION_WITH_TOPIC_IDS = 13;

  /** Leaders wait as long as the client wants; their answers take a way. */
  private static final int GATEWAY_GRACE_MS = 1_000;

  private final ClusterView cluster;
  private final FetchSessionCache sessions;
  private final PartitionLook reader;
  private final TopicTraffic traffic;
  private final Followers followers;
  private final ClientQuotas quotas;
  private final int maxResponseBytes;
  private final int graceMs;
  private final Map<ScheduledExecutorService, LoopWatches> watches = new ConcurrentHashMap<>();

  /**
   * @param diskReaders threads that may wait for a disk
   * @param throttle of what followers are sent
   * @param followers who may fetch as a replica
   * @param maxResponseBytes {@code fetch.max.bytes} of the node
   */
  public FetchHandler(
      LocalPartitions partitions,
      ColdReads coldReads,
      PreferredReplicas preferred,
      ReplicationThrottle throttle,
      FetchSessionCache sessions,
      Executor diskReaders,
      TopicTraffic traffic,
      ClientQuotas quotas,
      Followers followers,
      int maxResponseBytes) {
    this(
        partitions.cluster(),
        new PartitionReader(
            partitions, preferred, throttle, new FarReads(coldReads, diskReaders, quotas)),
        sessions,
        traffic,
        quotas,
        followers,
        maxResponseBytes,
        0);
  }

  private FetchHandler(
      ClusterView cluster,
      PartitionLook reader,
      FetchSessionCache sessions,
      TopicTraffic traffic,
      ClientQuotas quotas,
      Followers followers,
      int maxResponseBytes,
      int graceMs) {
    this.cluster = cluster;
    this.reader = reader;
    this.sessions = sessions;
    this.traffic = traffic;
    this.followers = followers;
    this.quotas = quotas;
    this.maxResponseBytes = maxResponseBytes;
    this.graceMs = graceMs;
  }

  /**
   * Fetch on a node without replicas: from the bucket, and else from the leaders, who wait as the
   * client wants. Replicas do not fetch there.
   */
  public static FetchHandler ofGateway(
      ClusterView cluster,
      ColdReads coldReads,
      Forwarder forwarder,
      Routes routes,
      FetchSessionCache sessions,
      TopicTraffic traffic,
      ClientQuotas quotas,
      int maxResponseBytes) {
    return new FetchHandler(
        cluster,
        new GatewayReader(
            cluster, routes, new BucketReads(coldReads, quotas), new LeaderReads(forwarder)),
        sessions,
        traffic,
        quotas,
        (request, replicaId) -> false,
        maxResponseBytes,
        GATEWAY_GRACE_MS);
  }

  @Override
  public void handle(Request request, Responder responder) {
    FetchRequest body = (FetchRequest) request.body();
    FetchMetadata metadata = body.metadata();
    FetchParameters fetch = FetchParameters.of(body, request, maxBytes(request, body), graceMs);
    if (body.isFromFollower() && !followers.mayFollow(request, body.replicaId())) {
      refuseReplica(body, responder);
      return;
    }
    if (metadata.isFull()) {
      fetchAll(request, body, fetch, responder);
      return;
    }
    sessions
        .find(metadata.sessionId())
        .filter(session -> !isGateway() || session.loop().equals(request.loop()))
        .ifPresentOrElse(
            session ->
                onLoopOf(
                    session, request, () -> fetchMore(session, request, body, fetch, responder)),
            () -> FetchResponder.fail(Errors.FETCH_SESSION_ID_NOT_FOUND, 0, responder));
  }

  /** A consumer is not sent at once what it has to wait for longer than its use is remembered. */
  private int maxBytes(Request request, FetchRequest body) {
    if (!quotas.isOn() || body.isFromFollower()) {
      return maxResponseBytes;
    }
    long affordable = quotas.fetchBytesAtOnce(request.principal().getName(), request.clientId());
    return (int) Math.min(maxResponseBytes, affordable);
  }

  /** What a gateway's leaders have answered belongs to the loop that asked them. */
  private boolean isGateway() {
    return graceMs > 0;
  }

  /** Rules have changed: who waits on a partition that it may not read any more is told so. */
  public void lookAgain() {
    watches.forEach((loop, watched) -> loop.execute(watched::lookAgain));
  }

  private void fetchAll(
      Request request, FetchRequest body, FetchParameters fetch, Responder responder) {
    FetchMetadata metadata = body.metadata();
    if (metadata.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
      sessions.remove(metadata.sessionId()).ifPresent(FetchSession::closeOnItsLoop);
    }
    FetchSession session =
        new FetchSession(
            request.loop(),
            watches.computeIfAbsent(request.loop(), LoopWatches::new),
            request.apiVersion() >= OLDEST_VERSION_WITH_TOPIC_IDS,
            body.isFromFollower());
    addPartitions(session, body);
    if (metadata.epoch() == FetchMetadata.INITIAL_EPOCH && !session.isEmpty()) {
      sessions.add(session);
    }
    begin(session, true, request, fetch, responder);
  }

  private void fetchMore(
      FetchSession session,
      Request request,
      FetchRequest body,
      FetchParameters fetch,
      Responder responder) {
    Errors error = check(session, request, body.metadata());
    if (error != Errors.NONE) {
      FetchResponder.fail(error, 0, responder);
      return;
    }
    FetchRound former = session.round();
    if (former != null) {
      former.finish();
    }
    for (ForgottenTopic topic : body.data().forgottenTopicsData()) {
      for (int partition : topic.partitions()) {
        session.forget(
            PartitionKey.of(request.apiVersion(), topic.topicId(), topic.topic(), partition));
      }
    }
    addPartitions(session, body);
    session.advanceEpoch();
    begin(session, false, request, fetch, responder);
  }

  private static Errors check(FetchSession session, Request request, FetchMetadata metadata) {
    if (session.isClosed()) {
      return Errors.FETCH_SESSION_ID_NOT_FOUND;
    }
    if (metadata.epoch() != session.nextEpoch()) {
      return Errors.INVALID_FETCH_SESSION_EPOCH;
    }
    boolean usesTopicIds = request.apiVersion() >= OLDEST_VERSION_WITH_TOPIC_IDS;
    return usesTopicIds == session.usesTopicIds()
        ? Errors.NONE
        : Errors.FETCH_SESSION_TOPIC_ID_ERROR;
  }

  private void begin(
      FetchSession session,
      boolean isFull,
      Request request,
      FetchParameters fetch,
      Responder responder) {
    FetchResponder answer =
        new FetchResponder(cluster, fetch, request.listenerName(), traffic, responder);
    new FetchRound(session, fetch, isFull, reader, answer, request.connection()).begin();
  }

  private static void addPartitions(FetchSession session, FetchRequest body) {
    for (FetchTopic topic : body.data().topics()) {
      for (FetchPartition partition : topic.partitions()) {
        session.fetch(
            PartitionKey.of(body.version(), topic.topicId(), topic.topic(), partition.partition()),
            partition);
      }
    }
  }

  /** The session's state has one writer: the loop it was opened on, wherever its client now is. */
  private static void onLoopOf(FetchSession session, Request request, Runnable action) {
    if (session.loop().equals(request.loop())) {
      action.run();
    } else {
      session.loop().execute(action);
    }
  }

  /**
   * As Kafka answers a replica that lacks the right to act for the cluster: partition by partition.
   */
  private static void refuseReplica(FetchRequest body, Responder responder) {
    responder.respond(
        body.getErrorResponse(0, Errors.TOPIC_AUTHORIZATION_FAILED.exception()).data());
  }
}
