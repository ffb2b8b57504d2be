package io.tidemark.metadata.controller;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.VoterChange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;

/**
 * The controller: decides on the voter that leads the quorum, refuses on every other.
 *
 * <pre>
 *   calls ──► DecisionLoop ──► one of the controls decides ──► quorum
 *                              topics, partitions, reassignments, elections, configs, ISR,
 *                              nodes, tier, producer ids
 *   heartbeats ──► NodeSessions; only those that change something become calls
 * </pre>
 *
 * <p>Calls are safe from any thread; everything else runs in the mailbox, one task at a time.
 * Closed by who made it, before the quorum.
 */
public final class QuorumController implements Controller, AutoCloseable {
  private final Quorum quorum;
  private final long sessionTimeoutMs;
  private final ControllerRuntime runtime;
  private final Mailbox mailbox;
  private final DecisionLoop loop;
  private final NodeSessions sessions;
  private final LeadershipControl leadership;
  private final NodeControl nodes;
  private final TopicCreation topicCreation;
  private final TopicDeletion topicDeletion;
  private final PartitionAddition partitionAddition;
  private final ConfigControl configs;
  private final IsrControl isr;
  private final ReassignmentControl reassignments;
  private final ElectionControl elections;
  private final TokenControl tokens;
  private final ScheduledFuture<?> sessionTimer;
  private final ScheduledFuture<?> balanceTimer;
  private final FailureDetector failures;
  private final Counter silentNodes;
  private final Counter goneNodes;
  private long sessionsCheckedNs;

  /** A controller whose settings never change. */
  public QuorumController(
      Quorum quorum, ControllerSettings settings, ConfigPolicy policy, ControllerRuntime runtime) {
    this(quorum, _ -> settings, policy, NodeProbe.NONE, runtime);
  }

  /**
   * A controller that does not decide yet.
   *
   * @param settings as they are under an image, which holds what was changed of them; limits and
   *     the session timeout are taken once
   * @param probe asked about nodes whose connection dropped, see {@link #connectionLost}
   */
  public QuorumController(
      Quorum quorum,
      Function<ClusterImage, ControllerSettings> settings,
      ConfigPolicy policy,
      NodeProbe probe,
      ControllerRuntime runtime) {
    this.quorum = quorum;
    ControllerSettings first = settings.apply(quorum.image());
    this.sessionTimeoutMs = first.sessionTimeoutMs();
    this.runtime = runtime;
    mailbox = new Mailbox(runtime.executor());
    loop = new DecisionLoop(quorum, first.maxQueued(), runtime, mailbox, new FromLoop());
    sessions = new NodeSessions(sessionTimeoutMs);
    leadership = new LeadershipControl(settings);
    nodes = new NodeControl(leadership, sessions);
    topicCreation = new TopicCreation(settings, policy, runtime.random());
    topicDeletion = new TopicDeletion(policy);
    partitionAddition = new PartitionAddition(first, runtime.random());
    configs = new ConfigControl(policy, leadership);
    isr = new IsrControl(settings);
    reassignments = new ReassignmentControl(settings);
    elections = new ElectionControl(settings);
    tokens = new TokenControl(runtime.random());
    failures = new FailureDetector(probe, mailbox, runtime.timers(), this::gone);
    silentNodes = fenced("silent", runtime.meters());
    goneNodes = fenced("gone", runtime.meters());
    long checkMs = Math.max(20, sessionTimeoutMs / 20);
    sessionTimer =
        runtime
            .timers()
            .scheduleWithFixedDelay(
                () -> mailbox.execute(this::checkSessions),
                checkMs,
                checkMs,
                TimeUnit.MILLISECONDS);
    long balanceMs = first.leaderBalance().checkIntervalMs();
    balanceTimer =
        runtime
            .timers()
            .scheduleWithFixedDelay(
                () -> mailbox.execute(this::checkBalance),
                balanceMs,
                balanceMs,
                TimeUnit.MILLISECONDS);
  }

  private static Counter fenced(String reason, MeterRegistry meters) {
    return Counter.builder("tidemark.controller.nodes.fenced")
        .description(
            "Nodes this controller has fenced: silent for a session, or gone, with addresses that"
                + " refuse connections")
        .tag("reason", reason)
        .register(meters);
  }

  /** Begins to follow the quorum's leadership. */
  public void start() {
    loop.start();
  }

  /** Whether this node decides at the moment. */
  public boolean isActive() {
    return loop.isActive();
  }

  private <T> CompletableFuture<T> submit(String name, Decision<T> decision) {
    return loop.submit(new DecisionLoop.Call<>(name, decision, false, new CompletableFuture<>()));
  }

  private final class FromLoop implements DecisionLoop.Listener {

    @Override
    public void activated(ClusterImage image) {
      beginSessions(image);
      suspectAll(image);
      nodes.committed(image);
      submit(
          "reconcile",
          draft -> {
            leadership.reconcile(draft);
            return _ -> true;
          });
    }

    @Override
    public void committed(ClusterImage image) {
      nodes.committed(image);
    }

    @Override
    public void deactivated() {
      sessions.clear();
      failures.clear();
    }
  }

  private void beginSessions(ClusterImage image) {
    long nowNs = runtime.time().nanoseconds();
    sessionsCheckedNs = nowNs;
    sessions.clear();
    for (NodeImage node : image.nodes().all()) {
      if (!node.fenced()) {
        sessions.begin(node.id(), node.epoch(), nowNs);
      }
    }
  }

  /** Who died while nobody led the quorum is not waited for. */
  private void suspectAll(ClusterImage image) {
    image.nodes().all().stream()
        .filter(node -> !node.fenced() && node.id() != quorum.nodeId())
        .forEach(node -> failures.suspect(node, sessionsCheckedNs));
  }

  /**
   * The connection over which a node sent its heartbeats has ended: it may be gone. Any thread may
   * say so.
   */
  public void connectionLost(int nodeId, long epoch) {
    mailbox.execute(() -> {
      if (loop.isActive()) {
        quorum
            .image()
            .nodes()
            .get(nodeId)
            .filter(node -> node.epoch() == epoch && !node.fenced())
            .ifPresent(node -> failures.suspectOfDropping(node, runtime.time().nanoseconds()));
      }
    });
  }

  private void gone(int nodeId, long epoch, long suspectedNs) {
    count(
        goneNodes,
        submit("fence gone", draft -> nodes.fenceIfGone(draft, nodeId, epoch, suspectedNs)));
  }

  /** Counts what was decided here; a decision that failed is made again by who decides next. */
  private static void count(Counter counter, CompletableFuture<Boolean> fenced) {
    fenced.thenAccept(isFenced -> {
      if (isFenced) {
        counter.increment();
      }
    });
  }

  private void checkSessions() {
    if (!loop.isActive()) {
      return;
    }
    long nowNs = runtime.time().nanoseconds();
    long sinceNs = nowNs - sessionsCheckedNs;
    if (sinceNs > TimeUnit.MILLISECONDS.toNanos(sessionTimeoutMs / 2)) {
      // This process stood still, so it cannot say who was silent.
      beginSessions(quorum.image());
      return;
    }
    sessionsCheckedNs = nowNs;
    for (NodeImage node : quorum.image().nodes().all()) {
      if (!node.fenced() && sessions.isOverdue(node.id(), node.epoch(), nowNs)) {
        count(
            silentNodes,
            submit("fence", draft -> nodes.fenceIfSilent(draft, node.id(), node.epoch(), nowNs)));
      }
    }
  }

  private void checkBalance() {
    if (loop.isActive() && elections.isImbalanced(quorum.image())) {
      submit("balanceLeaders", elections::balance);
    }
  }

  @Override
  public CompletableFuture<BrokerRegistrationResponseData> registerNode(
      BrokerRegistrationRequestData request) {
    return loop.submit(
        new DecisionLoop.Call<>(
            "registerNode",
            draft -> nodes.register(draft, request, runtime.time().nanoseconds()),
            true,
            new CompletableFuture<>()));
  }

  @Override
  public CompletableFuture<BrokerHeartbeatResponseData> heartbeat(
      BrokerHeartbeatRequestData request) {
    CompletableFuture<BrokerHeartbeatResponseData> future = new CompletableFuture<>();
    mailbox.execute(() -> heard(request, future));
    return future;
  }

  /** A heartbeat that changes nothing does not wait behind the entry in flight. */
  private void heard(
      BrokerHeartbeatRequestData request, CompletableFuture<BrokerHeartbeatResponseData> future) {
    ClusterImage image = quorum.image();
    if (loop.isActive()
        && NodeControl.isCurrent(image, request.brokerId(), request.brokerEpoch())) {
      sessions.heard(
          request.brokerId(),
          request.brokerEpoch(),
          request.currentMetadataOffset(),
          runtime.time().nanoseconds());
      if (nodes.isUneventful(image, request)) {
        future.complete(NodeControl.answer(image, request));
        return;
      }
    }
    loop.submit(
        new DecisionLoop.Call<>(
            "heartbeat", draft -> nodes.heartbeat(draft, request), false, future));
  }

  @Override
  public CompletableFuture<UnregisterBrokerResponseData> unregisterNode(
      UnregisterBrokerRequestData request) {
    return submit("unregisterNode", draft -> nodes.unregister(draft, request));
  }

  @Override
  public CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request) {
    return submit("createTopics", draft -> topicCreation.create(draft, request));
  }

  @Override
  public CompletableFuture<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request) {
    return submit("deleteTopics", draft -> topicDeletion.delete(draft, request));
  }

  @Override
  public CompletableFuture<CreatePartitionsResponseData> createPartitions(
      CreatePartitionsRequestData request) {
    return submit("createPartitions", draft -> partitionAddition.add(draft, request));
  }

  @Override
  public CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      IncrementalAlterConfigsRequestData request) {
    return submit("incrementalAlterConfigs", draft -> configs.alter(draft, request));
  }

  @Override
  public CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
    return submit("alterConfigs", draft -> configs.replace(draft, request));
  }

  @Override
  public CompletableFuture<AlterPartitionResponseData> alterPartition(
      AlterPartitionRequestData request) {
    return submit("alterPartition", draft -> isr.alter(draft, request));
  }

  @Override
  public CompletableFuture<AlterPartitionReassignmentsResponseData> alterReassignments(
      AlterPartitionReassignmentsRequestData request) {
    return submit("alterReassignments", draft -> reassignments.alter(draft, request));
  }

  @Override
  public CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
    return submit("electLeaders", draft -> elections.elect(draft, request));
  }

  @Override
  public CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(
      AllocateProducerIdsRequestData request) {
    return submit("allocateProducerIds", draft -> ProducerIdControl.allocate(draft, request));
  }

  @Override
  public CompletableFuture<CreateAclsResponseData> createAcls(CreateAclsRequestData request) {
    return submit("createAcls", draft -> AclControl.create(draft, request));
  }

  @Override
  public CompletableFuture<DeleteAclsResponseData> deleteAcls(DeleteAclsRequestData request) {
    return submit("deleteAcls", draft -> AclControl.delete(draft, request));
  }

  @Override
  public CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
      AlterUserScramCredentialsRequestData request) {
    return submit("alterScramCredentials", draft -> ScramControl.alter(draft, request));
  }

  @Override
  public CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(
      AlterClientQuotasRequestData request) {
    return submit("alterClientQuotas", draft -> QuotaControl.alter(draft, request));
  }

  @Override
  public CompletableFuture<UpdateFeaturesResponseData> updateFeatures(
      UpdateFeaturesRequestData request) {
    return submit("updateFeatures", draft -> FeatureControl.update(draft, request));
  }

  @Override
  public CompletableFuture<TokenChangeResult> changeToken(TokenChange change) {
    return submit(
        "changeToken", draft -> tokens.change(draft, change, runtime.time().milliseconds()));
  }

  /** Takes tokens away that are over, where this is the one that decides. */
  public void removeExpiredTokens() {
    if (loop.isActive()) {
      submit(
          "removeExpiredTokens",
          draft -> TokenControl.removeExpired(draft, runtime.time().milliseconds()));
    }
  }

  @Override
  public CompletableFuture<List<ManifestCommitResult>> commitManifests(
      List<ManifestCommit> commits) {
    return submit("commitManifests", draft -> TierControl.commit(draft, commits));
  }

  @Override
  public CompletableFuture<Long> advanceLogStart(
      TopicIdPartition partition, int leaderEpoch, long offset) {
    return submit(
        "advanceLogStart", draft -> TierControl.advance(draft, partition, leaderEpoch, offset));
  }

  @Override
  public CompletableFuture<Void> topicEmptied(Uuid topicId) {
    return submit("topicEmptied", draft -> TierControl.emptied(draft, topicId)).thenAccept(_ -> {});
  }

  @Override
  public CompletableFuture<Optional<ManifestPointer>> currentManifest(TopicIdPartition partition) {
    return confirmed(
        image -> Optional.ofNullable(TierControl.partition(image, partition).manifest()));
  }

  /** Needs no read through the quorum: what was reported is in the voter's image. */
  @Override
  public CompletableFuture<Long> committedVersion() {
    return loop.isActive()
        ? CompletableFuture.completedFuture(quorum.image().version())
        : CompletableFuture.failedFuture(
            new NotControllerException("This node is not the controller"));
  }

  @Override
  public CompletableFuture<DescribeQuorumResponseData> describeQuorum(
      DescribeQuorumRequestData request) {
    return confirmed(image -> QuorumDescription.of(request, quorum.status(), image));
  }

  @Override
  public CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request) {
    return confirmed(image -> VoterControl.added(request, image, quorum.status()))
        .thenCompose(this::change)
        .thenApply(_ -> new AddRaftVoterResponseData());
  }

  @Override
  public CompletableFuture<RemoveRaftVoterResponseData> removeVoter(
      RemoveRaftVoterRequestData request) {
    return confirmed(image -> VoterControl.removed(request, image, quorum.status()))
        .thenCompose(this::change)
        .thenApply(_ -> new RemoveRaftVoterResponseData());
  }

  private CompletableFuture<Void> change(VoterChange change) {
    return quorum
        .change(change)
        .exceptionally(error -> {
          throw DecisionLoop.refused(DecisionLoop.cause(error));
        });
  }

  private <T> CompletableFuture<T> confirmed(Function<ClusterImage, T> answer) {
    return quorum
        .read(quorum.leadership().term())
        .handleAsync(
            (image, error) -> {
              if (image == null) {
                throw DecisionLoop.refused(
                    error == null
                        ? new IllegalStateException("No image")
                        : DecisionLoop.cause(error));
              }
              return answer.apply(image);
            },
            mailbox);
  }

  @Override
  public void close() {
    sessionTimer.cancel(false);
    balanceTimer.cancel(false);
    mailbox.execute(loop::close);
  }
}
