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
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;

/**
 * A controller on a modelled quorum, driven by the test's thread: nothing runs but in {@link #run}.
 */
final class ControlledCluster {
  final ModelLog log;
  final ManualTime time = new ManualTime();
  final ManualTimers timers = new ManualTimers(time);
  final Queue<Runnable> tasks = new ArrayDeque<>();
  ControllerSettings settings = ControllerSettings.DEFAULTS;
  ModelQuorum quorum;
  QuorumController controller;

  ControlledCluster(int nodes) {
    this(nodes, ControllerSettings.DEFAULTS);
  }

  ControlledCluster(int nodes, ControllerSettings settings) {
    this.settings = settings;
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
            settings,
            new TopicConfigPolicy(),
            new ControllerRuntime(
                tasks::add,
                timers,
                time,
                RandomGenerator.of("L64X128MixRandom"),
                new SimpleMeterRegistry()));
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

  TopicImage topic(String name) {
    return image().topics().byName(name).orElseThrow();
  }

  PartitionImage partition(TopicIdPartition id) {
    return image().partition(id).orElseThrow();
  }
}
