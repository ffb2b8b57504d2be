package io.tidemark.metadata.event;

import static io.tidemark.metadata.event.ProtoValues.manifest;
import static io.tidemark.metadata.event.ProtoValues.uuid;

import io.tidemark.metadata.image.DeletedTopic;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import io.tidemark.metadata.proto.ClusterFormedMessage;
import io.tidemark.metadata.proto.ConfigMessage;
import io.tidemark.metadata.proto.ConfigsChangedMessage;
import io.tidemark.metadata.proto.ControllerElectedMessage;
import io.tidemark.metadata.proto.DelegationTokenIdMessage;
import io.tidemark.metadata.proto.EventMessage;
import io.tidemark.metadata.proto.FeatureFinalisedMessage;
import io.tidemark.metadata.proto.FeatureRangeMessage;
import io.tidemark.metadata.proto.ListenerMessage;
import io.tidemark.metadata.proto.LogStartAdvancedMessage;
import io.tidemark.metadata.proto.ManifestCommittedMessage;
import io.tidemark.metadata.proto.NodeRegisteredMessage;
import io.tidemark.metadata.proto.NodeStateChangedMessage;
import io.tidemark.metadata.proto.NodeUnregisteredMessage;
import io.tidemark.metadata.proto.PartitionChangedMessage;
import io.tidemark.metadata.proto.PartitionManifestMessage;
import io.tidemark.metadata.proto.PartitionMessage;
import io.tidemark.metadata.proto.PartitionsAddedMessage;
import io.tidemark.metadata.proto.ProducerIdsAllocatedMessage;
import io.tidemark.metadata.proto.ReassignmentMessage;
import io.tidemark.metadata.proto.TopicAwaitingEmptyingMessage;
import io.tidemark.metadata.proto.TopicCreatedMessage;
import io.tidemark.metadata.proto.TopicDeletedMessage;
import io.tidemark.metadata.proto.TopicEmptiedMessage;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes events as protobuf. The same event always gives the same bytes: maps are written in the
 * order of their keys.
 */
final class EventEncoder {
  private static final int WITH_REASSIGNMENT = 2;
  private static final int WITH_GATEWAY = 2;

  private EventEncoder() {}

  static EventMessage encode(Event event) {
    EventMessage.Builder message = EventMessage.newBuilder();
    switch (event) {
      case Event.ClusterFormed e ->
          message.setClusterFormed(ClusterFormedMessage.newBuilder().setClusterId(e.clusterId()));
      case Event.ControllerElected e ->
          message.setControllerElected(
              ControllerElectedMessage.newBuilder().setNodeId(e.nodeId()).setTerm(e.term()));
      case Event.NodeRegistered e -> message.setNodeRegistered(registered(e));
      case Event.NodeUnregistered e ->
          message.setNodeUnregistered(
              NodeUnregisteredMessage.newBuilder().setNodeId(e.nodeId()).setEpoch(e.epoch()));
      case Event.NodeStateChanged e ->
          message.setNodeStateChanged(
              NodeStateChangedMessage.newBuilder()
                  .setNodeId(e.nodeId())
                  .setEpoch(e.epoch())
                  .setFenced(e.fenced())
                  .setInControlledShutdown(e.inControlledShutdown()));
      case Event.TopicCreated e ->
          message.setTopicCreated(
              TopicCreatedMessage.newBuilder()
                  .setTopicId(uuid(e.id()))
                  .setName(e.name())
                  .addAllPartitions(partitions(e.partitions())));
      case Event.PartitionsAdded e ->
          message.setPartitionsAdded(
              PartitionsAddedMessage.newBuilder()
                  .setTopicId(uuid(e.topicId()))
                  .setFrom(e.from())
                  .addAllPartitions(partitions(e.partitions())));
      case Event.TopicDeleted e ->
          message.setTopicDeleted(
              TopicDeletedMessage.newBuilder()
                  .setTopicId(uuid(e.id()))
                  .setKeepsObjects(e.keepsObjects()));
      case Event.PartitionChanged e -> message.setPartitionChanged(changed(e));
      case Event.ManifestCommitted e ->
          message.setManifestCommitted(
              ManifestCommittedMessage.newBuilder()
                  .setTopicId(uuid(e.topicId()))
                  .setIndex(e.index())
                  .setLeaderEpoch(e.leaderEpoch())
                  .setParentVersion(e.parentVersion())
                  .setManifest(manifest(e.manifest())));
      case Event.LogStartAdvanced e ->
          message.setLogStartAdvanced(
              LogStartAdvancedMessage.newBuilder()
                  .setTopicId(uuid(e.topicId()))
                  .setIndex(e.index())
                  .setLeaderEpoch(e.leaderEpoch())
                  .setOffset(e.offset()));
      case Event.ConfigsChanged e -> message.setConfigsChanged(configs(e));
      case Event.FeatureFinalised e ->
          message.setFeatureFinalised(
              FeatureFinalisedMessage.newBuilder()
                  .setName(e.name())
                  .setLevel(e.level())
                  .setEpoch(e.epoch()));
      case Event.ProducerIdsAllocated e ->
          message.setProducerIdsAllocated(
              ProducerIdsAllocatedMessage.newBuilder()
                  .setNodeId(e.nodeId())
                  .setNodeEpoch(e.nodeEpoch())
                  .setFirst(e.first())
                  .setNext(e.next()));
      case Event.TopicEmptied e ->
          message.setTopicEmptied(TopicEmptiedMessage.newBuilder().setTopicId(uuid(e.id())));
      case Event.TopicAwaitingEmptying e -> message.setTopicAwaitingEmptying(awaiting(e.topic()));
      case Event.AclCreated e -> message.setAclCreated(SecurityMessages.acl(e.acl()));
      case Event.AclDeleted e -> message.setAclDeleted(SecurityMessages.acl(e.acl()));
      case Event.ScramCredentialSet e ->
          message.setScramCredentialSet(SecurityMessages.credential(e.user(), e.secret()));
      case Event.ScramCredentialRemoved e ->
          message.setScramCredentialRemoved(SecurityMessages.user(e.user()));
      case Event.ClientQuotasChanged e -> message.setClientQuotasChanged(QuotaMessages.of(e));
      case Event.DelegationTokenSet e ->
          message.setDelegationTokenSet(SecurityMessages.token(e.token()));
      case Event.DelegationTokenRemoved e ->
          message.setDelegationTokenRemoved(DelegationTokenIdMessage.newBuilder().setId(e.id()));
    }
    return message.setVersion(version(event)).build();
  }

  /** The oldest version that can say it, so that older releases read whatever they can. */
  private static int version(Event event) {
    return switch (event) {
      case Event.NodeRegistered e -> e.node().gateway() ? WITH_GATEWAY : 1;
      case Event.TopicCreated e -> versionOf(e.partitions());
      case Event.PartitionsAdded e -> versionOf(e.partitions());
      case Event.PartitionChanged e -> e.reassignment().isUnderWay() ? WITH_REASSIGNMENT : 1;
      case Event.ClusterFormed _,
          Event.ControllerElected _,
          Event.NodeUnregistered _,
          Event.NodeStateChanged _,
          Event.TopicDeleted _,
          Event.ManifestCommitted _,
          Event.LogStartAdvanced _,
          Event.ConfigsChanged _,
          Event.FeatureFinalised _,
          Event.ProducerIdsAllocated _,
          Event.TopicEmptied _,
          Event.TopicAwaitingEmptying _,
          Event.AclCreated _,
          Event.AclDeleted _,
          Event.ScramCredentialSet _,
          Event.ScramCredentialRemoved _,
          Event.ClientQuotasChanged _,
          Event.DelegationTokenSet _,
          Event.DelegationTokenRemoved _ ->
          1;
    };
  }

  private static int versionOf(List<PartitionImage> partitions) {
    for (PartitionImage partition : partitions) {
      if (partition.reassignment().isUnderWay()) {
        return WITH_REASSIGNMENT;
      }
    }
    return 1;
  }

  private static NodeRegisteredMessage.Builder registered(Event.NodeRegistered event) {
    NodeImage node = event.node();
    NodeRegisteredMessage.Builder message =
        NodeRegisteredMessage.newBuilder()
            .setNodeId(node.id())
            .setIncarnation(uuid(node.incarnation()))
            .setEpoch(node.epoch())
            .setFenced(node.fenced())
            .setInControlledShutdown(node.inControlledShutdown())
            .setGateway(node.gateway())
            .setPreviousEpoch(event.previousEpoch());
    node.listeners()
        .forEach(listener ->
            message.addListeners(
                ListenerMessage.newBuilder()
                    .setName(listener.listener())
                    .setHost(listener.host() == null ? "" : listener.host())
                    .setPort(listener.port())
                    .setSecurityProtocol(listener.securityProtocol().id)));
    if (node.rack() != null) {
      message.setRack(node.rack());
    }
    node.logDirs().forEach(dir -> message.addLogDirs(uuid(dir)));
    new TreeMap<>(node.features())
        .forEach((name, range) ->
            message.addFeatures(
                FeatureRangeMessage.newBuilder()
                    .setName(name)
                    .setMin(range.min())
                    .setMax(range.max())));
    return message;
  }

  private static List<PartitionMessage> partitions(List<PartitionImage> partitions) {
    return partitions.stream().map(EventEncoder::partition).toList();
  }

  private static PartitionMessage partition(PartitionImage partition) {
    PartitionMessage.Builder message =
        PartitionMessage.newBuilder()
            .addAllReplicas(partition.replicas())
            .addAllIsr(partition.isr())
            .addAllElr(partition.elr())
            .setLastKnownLeader(partition.lastKnownLeader())
            .setLeader(partition.leader())
            .setLeaderEpoch(partition.leaderEpoch())
            .setPartitionEpoch(partition.partitionEpoch())
            .setRecovery(partition.recovery().code())
            .setLogStartOffset(partition.logStartOffset());
    if (partition.reassignment().isUnderWay()) {
      message.setReassignment(reassignment(partition.reassignment()));
    }
    if (partition.manifest() != null) {
      message.setManifest(manifest(partition.manifest()));
    }
    return message.build();
  }

  private static PartitionChangedMessage.Builder changed(Event.PartitionChanged event) {
    PartitionChangedMessage.Builder message =
        PartitionChangedMessage.newBuilder()
            .setTopicId(uuid(event.topicId()))
            .setIndex(event.index())
            .setFromPartitionEpoch(event.fromPartitionEpoch())
            .addAllReplicas(event.replicas())
            .addAllIsr(event.isr())
            .addAllElr(event.elr())
            .setLastKnownLeader(event.lastKnownLeader())
            .setLeader(event.leader())
            .setLeaderEpoch(event.leaderEpoch())
            .setRecovery(event.recovery().code());
    if (event.reassignment().isUnderWay()) {
      message.setReassignment(reassignment(event.reassignment()));
    }
    return message;
  }

  private static ReassignmentMessage reassignment(Reassignment reassignment) {
    return ReassignmentMessage.newBuilder()
        .addAllAdding(reassignment.adding())
        .addAllRemoving(reassignment.removing())
        .build();
  }

  private static ConfigsChangedMessage.Builder configs(Event.ConfigsChanged event) {
    ConfigsChangedMessage.Builder message =
        ConfigsChangedMessage.newBuilder()
            .setResourceType(event.resource().type().id())
            .setResourceName(event.resource().name());
    new TreeMap<>(event.changes())
        .forEach((key, value) -> {
          ConfigMessage.Builder config = ConfigMessage.newBuilder().setKey(key);
          if (value != null) {
            config.setValue(value);
          }
          message.addConfigs(config);
        });
    return message;
  }

  private static TopicAwaitingEmptyingMessage.Builder awaiting(DeletedTopic topic) {
    TopicAwaitingEmptyingMessage.Builder message =
        TopicAwaitingEmptyingMessage.newBuilder()
            .setTopicId(uuid(topic.id()))
            .setName(topic.name())
            .setPartitionCount(topic.partitionCount());
    for (int i = 0; i < topic.partitionCount(); i++) {
      ManifestPointer manifest = topic.manifests().get(i);
      if (manifest != null) {
        message.addManifests(
            PartitionManifestMessage.newBuilder().setIndex(i).setManifest(manifest(manifest)));
      }
    }
    return message;
  }
}
