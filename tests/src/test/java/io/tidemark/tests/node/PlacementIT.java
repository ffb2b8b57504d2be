package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where partitions are and who leads them, as far as one node can say, with the Admin client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlacementIT {
  private static final TopicPartition PARTITION = new TopicPartition("placed", 0);
  private static final TopicPartition MISSING = new TopicPartition("missing", 0);

  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = new NodeFixture(folder).start();
    admin = node.admin();
    admin.createTopics(List.of(new NewTopic("placed", 1, (short) 1))).all().get();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  private void reassign(TopicPartition partition, Integer... replicas) throws Exception {
    admin
        .alterPartitionReassignments(
            Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(replicas)))))
        .all()
        .get();
  }

  @Test
  void aPartitionThatIsWhereItShouldBeMovesNowhere() throws Exception {
    reassign(PARTITION, 1);

    assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
    assertThat(admin.listPartitionReassignments(Set.of(PARTITION, MISSING)).reassignments().get())
        .isEmpty();
  }

  @Test
  void movesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> reassign(PARTITION, 1, 2))
        .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
    assertThatThrownBy(() -> reassign(MISSING, 1))
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    assertThatThrownBy(() ->
            admin.alterPartitionReassignments(Map.of(PARTITION, Optional.empty())).all().get())
        .hasCauseInstanceOf(NoReassignmentInProgressException.class);
  }

  @Test
  void leadersAreElectedOnlyWhereThatChangesSomething() throws Exception {
    for (ElectionType type : ElectionType.values()) {
      assertThat(admin.electLeaders(type, Set.of(PARTITION)).partitions().get().get(PARTITION))
          .containsInstanceOf(ElectionNotNeededException.class);
      assertThat(admin.electLeaders(type, Set.of(MISSING)).partitions().get().get(MISSING))
          .containsInstanceOf(UnknownTopicOrPartitionException.class);
      assertThat(admin.electLeaders(type, null).partitions().get()).isEmpty();
    }
  }

  @Test
  void aNodeThatIsNotThereCannotBeUnregistered() {
    assertThatThrownBy(() -> admin.unregisterBroker(7).all().get())
        .hasCauseInstanceOf(BrokerIdNotRegisteredException.class);
  }

  @Test
  void nodesAreDescribedWithWhetherTheyAreFenced() throws Exception {
    Collection<Node> nodes =
        admin
            .describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))
            .nodes()
            .get();

    assertThat(nodes)
        .singleElement()
        .satisfies(found -> {
          assertThat(found.id()).isEqualTo(1);
          assertThat(found.isFenced()).isFalse();
        });
  }

  private void cordon(ConfigEntry entry, AlterConfigOp.OpType type) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.BROKER, "1"),
                List.of(new AlterConfigOp(entry, type))))
        .all()
        .get();
  }

  @Test
  void aCordonedNodeGetsNoNewPartitions() throws Exception {
    assertThatThrownBy(() ->
            cordon(new ConfigEntry("cordoned.log.dirs", "/one/of/them"), AlterConfigOp.OpType.SET))
        .hasCauseInstanceOf(InvalidConfigurationException.class);
    cordon(new ConfigEntry("cordoned.log.dirs", "*"), AlterConfigOp.OpType.SET);
    try {
      assertThatThrownBy(
              () -> admin.createTopics(List.of(new NewTopic("nowhere", 1, (short) 1))).all().get())
          .hasCauseInstanceOf(InvalidReplicationFactorException.class);
      assertThatThrownBy(() ->
              admin
                  .createTopics(List.of(new NewTopic("nowhere", Map.of(0, List.of(1)))))
                  .all()
                  .get())
          .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
      reassign(PARTITION, 1);
    } finally {
      cordon(new ConfigEntry("cordoned.log.dirs", ""), AlterConfigOp.OpType.DELETE);
    }
    admin.createTopics(List.of(new NewTopic("somewhere", 1, (short) 1))).all().get();
  }
}
