package io.tidemark.metadata.controller;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.metadata.quorum.ModelLog;
import io.tidemark.metadata.quorum.ModelQuorum;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A controller on a modelled quorum, driven by the test's thread: nothing runs but in {@link #run}.
 */
final class ControlledCluster {
  final ModelLog log;
  final ManualTime time = new ManualTime();
  final ManualTimers timers = new ManualTimers(time);
  final Queue<Runnable> tasks = new ArrayDeque<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final NodeProbe probe;
  ControllerSettings settings = ControllerSettings.DEFAULTS;
  ModelQuorum quorum;
  QuorumController controller;

  ControlledCluster(int nodes) {
    this(nodes, ControllerSettings.DEFAULTS);
  }

  ControlledCluster(int nodes, ControllerSettings settings) {
    this(nodes, settings, NodeProbe.NONE);
  }

  ControlledCluster(int nodes, NodeProbe probe) {
    this(nodes, ControllerSettings.DEFAULTS, probe);
  }

  private ControlledCluster(int nodes, ControllerSettings settings, NodeProbe probe) {
    this.settings = settings;
    this.probe = probe;
    log = new ModelLog(1);
    quorum = ModelQuorum.open(1, log, tasks::add);
    controller = newController(quorum);
    run();
    for (int id = 1; id <= nodes; id++) {
      activate(id);
    }
  }

  QuorumController newController(ModelQuorum voter) {
    QuorumController made =
        new QuorumController(
            voter,
            _ -> settings,
            new TopicConfigPolicy(),
            probe,
            new ControllerRuntime(
                tasks::add, timers, time, RandomGenerator.of("L64X128MixRandom"), meters));
    made.start();
    return made;
  }

  /** Kills the node that is the controller and starts it again. */
  void restart() {
    quorum.crash();
    tasks.clear();
    quorum = ModelQuorum.open(1, log, tasks::add);
    controller = newController(quorum);
    run();
  }

  /** Runs everything that is due. */
  void run() {
    do {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    } while (timers.runDue());
  }

  /** Lets time pass in steps, so that timers run when they are due. */
  void pass(long ms) {
    for (long passed = 0; passed < ms; passed += 100) {
      time.sleep(100);
      run();
    }
  }

  <T> T done(CompletableFuture<T> future) {
    run();
    if (!future.isDone()) {
      throw new AssertionError("Still waiting");
    }
    return future.join();
  }

  ClusterImage image() {
    return quorum.image();
  }

  /** Nodes that were fenced for a reason, by all controllers there were. */
  double fencedNodes(String reason) {
    return meters.counter("tidemark.controller.nodes.fenced", "reason", reason).count();
  }

  NodeImage node(int id) {
    return image().nodes().get(id).orElseThrow();
  }

  long epoch(int id) {
    return node(id).epoch();
  }

  static Uuid incarnation(int id) {
    return new Uuid(7, id);
  }

  static BrokerRegistrationRequestData registration(
      int id, Uuid incarnation, String clusterId, long previousEpoch) {
    BrokerRegistrationRequestData request =
        new BrokerRegistrationRequestData()
            .setBrokerId(id)
            .setClusterId(clusterId)
            .setIncarnationId(incarnation)
            .setRack("rack-" + id % 3)
            .setPreviousBrokerEpoch(previousEpoch)
            .setLogDirs(List.of(new Uuid(8, id)));
    request
        .listeners()
        .add(
            new BrokerRegistrationRequestData.Listener()
                .setName("PLAINTEXT")
                .setHost("localhost")
                .setPort(9092 + id)
                .setSecurityProtocol((short) 0));
    Features.INITIAL.forEach((name, level) ->
        request
            .features()
            .add(
                new BrokerRegistrationRequestData.Feature()
                    .setName(name)
                    .setMinSupportedVersion((short) 0)
                    .setMaxSupportedVersion(level)));
    return request;
  }

  long register(int id, Uuid incarnation, long previousEpoch) {
    return done(controller.registerNode(
            registration(id, incarnation, image().clusterId(), previousEpoch)))
        .brokerEpoch();
  }

  /** Registers a node and lets it catch up. */
  void activate(int id) {
    register(id, incarnation(id), -1);
    heartbeat(id);
  }

  BrokerHeartbeatRequestData heartbeatOf(int id) {
    return new BrokerHeartbeatRequestData()
        .setBrokerId(id)
        .setBrokerEpoch(epoch(id))
        .setCurrentMetadataOffset(image().version());
  }

  BrokerHeartbeatResponseData heartbeat(int id) {
    return done(controller.heartbeat(heartbeatOf(id)));
  }

  void fence(int id) {
    done(controller.heartbeat(heartbeatOf(id).setWantFence(true)));
  }

  CreatableTopicResult create(CreatableTopic topic) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(topic);
    return done(controller.createTopics(request)).topics().find(topic.name());
  }

  TopicIdPartition create(String name, int partitions, int replicationFactor, String... configs) {
    CreatableTopicResult result = create(topic(name, partitions, replicationFactor, configs));
    if (result.errorCode() != 0) {
      throw new AssertionError(result.toString());
    }
    return new TopicIdPartition(result.topicId(), 0, name);
  }

  static CreatableTopic topic(
      String name, int partitions, int replicationFactor, String... configs) {
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(partitions)
            .setReplicationFactor((short) replicationFactor);
    for (int i = 0; i < configs.length; i += 2) {
      topic.configs().add(new CreatableTopicConfig().setName(configs[i]).setValue(configs[i + 1]));
    }
    return topic;
  }

  /** Replicas a partition is to have; none cancels. */
  Errors reassign(TopicIdPartition id, Integer... replicas) {
    return reassign(id, true, replicas);
  }

  Errors reassign(TopicIdPartition id, boolean mayChangeFactor, Integer... replicas) {
    ReassignablePartition partition =
        new ReassignablePartition()
            .setPartitionIndex(id.partition())
            .setReplicas(replicas.length == 0 ? null : List.of(replicas));
    AlterPartitionReassignmentsRequestData request =
        new AlterPartitionReassignmentsRequestData()
            .setAllowReplicationFactorChange(mayChangeFactor)
            .setTopics(
                List.of(
                    new ReassignableTopic().setName(id.topic()).setPartitions(List.of(partition))));
    AlterPartitionReassignmentsResponseData answer = done(controller.alterReassignments(request));
    return Errors.forCode(answer.responses().getFirst().partitions().getFirst().errorCode());
  }

  /** The leader's change of its ISR. */
  Errors isr(TopicIdPartition id, Integer... members) {
    PartitionImage now = partition(id);
    AlterPartitionRequestData request =
        new AlterPartitionRequestData()
            .setBrokerId(now.leader())
            .setBrokerEpoch(epoch(now.leader()));
    request
        .topics()
        .add(
            new AlterPartitionRequestData.TopicData()
                .setTopicId(id.topicId())
                .setPartitions(
                    List.of(
                        new AlterPartitionRequestData.PartitionData()
                            .setPartitionIndex(id.partition())
                            .setLeaderEpoch(now.leaderEpoch())
                            .setPartitionEpoch(now.partitionEpoch())
                            .setNewIsrWithEpochs(
                                Stream.of(members)
                                    .map(node ->
                                        new BrokerState()
                                            .setBrokerId(node)
                                            .setBrokerEpoch(epoch(node)))
                                    .toList()))));
    return Errors.forCode(
        done(controller.alterPartition(request))
            .topics()
            .getFirst()
            .partitions()
            .getFirst()
            .errorCode());
  }

  /** One partition's leader anew. */
  Errors elect(TopicIdPartition id, ElectionType type) {
    ElectLeadersRequestData request = new ElectLeadersRequestData().setElectionType(type.value);
    request
        .topicPartitions()
        .add(
            new ElectLeadersRequestData.TopicPartitions()
                .setTopic(id.topic())
                .setPartitions(List.of(id.partition())));
    return Errors.forCode(
        done(controller.electLeaders(request))
            .replicaElectionResults()
            .getFirst()
            .partitionResult()
            .getFirst()
            .errorCode());
  }

  /** A topic of one partition whose replicas are named. */
  TopicIdPartition createOn(String name, List<Integer> replicas, String... configs) {
    CreatableTopic topic = topic(name, -1, -1, configs);
    topic
        .assignments()
        .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(replicas));
    CreatableTopicResult result = create(topic);
    if (result.errorCode() != 0) {
      throw new AssertionError(result.toString());
    }
    return new TopicIdPartition(result.topicId(), 0, name);
  }

  /** Sets or, with null, takes away a setting of one node. */
  void configureNode(int id, String key, @Nullable String value) {
    IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.BROKER.id())
            .setResourceName(Integer.toString(id));
    resource
        .configs()
        .add(
            new IncrementalAlterConfigsRequestData.AlterableConfig()
                .setName(key)
                .setConfigOperation((byte) (value == null ? 1 : 0))
                .setValue(value));
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(resource);
    short error =
        done(controller.incrementalAlterConfigs(request)).responses().getFirst().errorCode();
    if (error != 0) {
      throw new AssertionError(Errors.forCode(error));
    }
  }

  TopicImage topic(String name) {
    return image().topics().byName(name).orElseThrow();
  }

  PartitionImage partition(TopicIdPartition id) {
    return image().partition(id).orElseThrow();
  }
}
