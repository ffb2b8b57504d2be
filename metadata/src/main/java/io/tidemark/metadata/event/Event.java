package io.tidemark.metadata.event;

import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.metadata.image.DeletedTopic;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.Reassignment;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to the cluster's metadata, decided by the controller and true once the
 * quorum has committed it.
 *
 * <p>An event carries the epochs it was decided on wherever two decisions could meet, and the fold
 * refuses it when they have moved. It carries results, never a question to be decided while
 * folding, so that two releases can never derive two truths.
 */
public sealed interface Event {

  /** An epoch that is the index at which the event is committed. */
  long EPOCH_IS_INDEX = -1;

  int NO_NODE = -1;

  /** The quorum's first event. */
  record ClusterFormed(String clusterId) implements Event {}

  /** A node was chosen as controller; changes nothing, but closes whatever was written before. */
  record ControllerElected(int nodeId, long term) implements Event {}

  /**
   * A node registered, replacing what was known of it.
   *
   * @param node its epoch is {@link #EPOCH_IS_INDEX} except in snapshots
   * @param previousEpoch the epoch that is replaced, −1 for a new node
   */
  record NodeRegistered(NodeImage node, long previousEpoch) implements Event {}

  record NodeUnregistered(int nodeId, long epoch) implements Event {}

  record NodeStateChanged(int nodeId, long epoch, boolean fenced, boolean inControlledShutdown)
      implements Event {}

  record TopicCreated(Uuid id, String name, List<PartitionImage> partitions) implements Event {}

  /**
   * A topic got more partitions.
   *
   * @param from the index of the first new partition, which is how many there were
   */
  record PartitionsAdded(Uuid topicId, int from, List<PartitionImage> partitions)
      implements Event {}

  /**
   * A topic is gone.
   *
   * @param keepsObjects whether the topic enters those awaiting the emptying of their objects
   */
  record TopicDeleted(Uuid id, boolean keepsObjects) implements Event {}

  /**
   * Everything of a partition that its partition epoch orders.
   *
   * @param fromPartitionEpoch the epoch it was decided on; the new one is one more
   */
  record PartitionChanged(
      Uuid topicId,
      int index,
      int fromPartitionEpoch,
      List<Integer> replicas,
      Reassignment reassignment,
      List<Integer> isr,
      List<Integer> elr,
      int lastKnownLeader,
      int leader,
      int leaderEpoch,
      LeaderRecovery recovery)
      implements Event {}

  record ManifestCommitted(
      Uuid topicId, int index, int leaderEpoch, long parentVersion, ManifestPointer manifest)
      implements Event {}

  record LogStartAdvanced(Uuid topicId, int index, int leaderEpoch, long offset) implements Event {}

  /**
   * A resource is configured otherwise.
   *
   * @param changes new values by key; null takes the override away
   */
  record ConfigsChanged(ConfigResource resource, Map<String, @Nullable String> changes)
      implements Event {}

  /**
   * A feature has a new level; 0 takes it away.
   *
   * @param epoch {@link #EPOCH_IS_INDEX} except in snapshots
   */
  record FeatureFinalised(String name, short level, long epoch) implements Event {}

  /**
   * A node was given the ids from {@code first} to {@code next}, exclusive.
   *
   * @param nodeId {@link #NO_NODE} in snapshots, where the block is everything given away
   */
  record ProducerIdsAllocated(int nodeId, long nodeEpoch, long first, long next) implements Event {}

  /** Somebody may do something, or may not. */
  record AclCreated(AclBinding acl) implements Event {}

  record AclDeleted(AclBinding acl) implements Event {}

  /** A user has a credential, in place of the one before. */
  record ScramCredentialSet(ScramUser user, ScramSecret secret) implements Event {}

  record ScramCredentialRemoved(ScramUser user) implements Event {}

  /**
   * Clients are held to other quotas.
   *
   * @param changes new values by key; null takes the quota away
   */
  record ClientQuotasChanged(QuotaEntity entity, Map<String, @Nullable Double> changes)
      implements Event {}

  /** A delegation token was made, or is good for another time. */
  record DelegationTokenSet(DelegationToken token) implements Event {}

  record DelegationTokenRemoved(String id) implements Event {}

  /** A deleted topic's objects are all gone. */
  record TopicEmptied(Uuid id) implements Event {}

  /** A topic already awaiting the emptying of its objects; stands in snapshots only. */
  record TopicAwaitingEmptying(DeletedTopic topic) implements Event {}
}
