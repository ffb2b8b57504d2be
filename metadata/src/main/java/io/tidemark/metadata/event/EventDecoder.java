package io.tidemark.metadata.event;

import static io.tidemark.metadata.event.ProtoValues.manifest;
import static io.tidemark.metadata.event.ProtoValues.uuid;

import io.tidemark.metadata.image.DeletedTopic;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodeImage.FeatureRange;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import io.tidemark.metadata.proto.ConfigMessage;
import io.tidemark.metadata.proto.ConfigsChangedMessage;
import io.tidemark.metadata.proto.EventMessage;
import io.tidemark.metadata.proto.FeatureRangeMessage;
import io.tidemark.metadata.proto.NodeRegisteredMessage;
import io.tidemark.metadata.proto.PartitionChangedMessage;
import io.tidemark.metadata.proto.PartitionManifestMessage;
import io.tidemark.metadata.proto.PartitionMessage;
import io.tidemark.metadata.proto.ReassignmentMessage;
import io.tidemark.metadata.proto.TopicAwaitingEmptyingMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;

/** Reads events from protobuf, and refuses what it does not know. */
final class EventDecoder {
  private EventDecoder() {}

  /**
   * Reads one event.
   *
   * @throws UnknownEventException when a later release wrote it
   */
  static Event decode(EventMessage message) {
    EventMessage.BodyCase kind = message.getBodyCase();
    int known = EventCodec.version(kind);
    if (message.getVersion() < 1 || message.getVersion() > known) {
      throw new UnknownEventException(
          known == 0
              ? "The metadata log holds an event this release does not know (version %d, fields %s); start a newer release on this folder"
                  .formatted(message.getVersion(), message.getUnknownFields().asMap().keySet())
              : "The metadata log holds %s in version %d, this release knows up to %d; start a newer release on this folder"
                  .formatted(kind, message.getVersion(), known));
    }
    try {
      return body(message);
    } catch (IllegalArgumentException e) {
      throw new UnknownEventException(
          "The metadata log holds %s with a value that cannot be: %s"
              .formatted(kind, e.getMessage()));
    }
  }

  private static Event body(EventMessage message) {
    return switch (message.getBodyCase()) {
      case CLUSTER_FORMED -> new Event.ClusterFormed(message.getClusterFormed().getClusterId());
      case CONTROLLER_ELECTED -> {
        var e = message.getControllerElected();
        yield new Event.ControllerElected(e.getNodeId(), e.getTerm());
      }
      case NODE_REGISTERED -> registered(message.getNodeRegistered());
      case NODE_UNREGISTERED -> {
        var e = message.getNodeUnregistered();
        yield new Event.NodeUnregistered(e.getNodeId(), e.getEpoch());
      }
      case NODE_STATE_CHANGED -> {
        var e = message.getNodeStateChanged();
        yield new Event.NodeStateChanged(
            e.getNodeId(), e.getEpoch(), e.getFenced(), e.getInControlledShutdown());
      }
      case TOPIC_CREATED -> {
        var e = message.getTopicCreated();
        yield new Event.TopicCreated(
            uuid(e.getTopicId()), e.getName(), partitions(e.getPartitionsList()));
      }
      case PARTITIONS_ADDED -> {
        var e = message.getPartitionsAdded();
        yield new Event.PartitionsAdded(
            uuid(e.getTopicId()), e.getFrom(), partitions(e.getPartitionsList()));
      }
      case TOPIC_DELETED -> {
        var e = message.getTopicDeleted();
        yield new Event.TopicDeleted(uuid(e.getTopicId()), e.getKeepsObjects());
      }
      case PARTITION_CHANGED -> changed(message.getPartitionChanged());
      case MANIFEST_COMMITTED -> {
        var e = message.getManifestCommitted();
        yield new Event.ManifestCommitted(
            uuid(e.getTopicId()),
            e.getIndex(),
            e.getLeaderEpoch(),
            e.getParentVersion(),
            manifest(e.getManifest()));
      }
      case LOG_START_ADVANCED -> {
        var e = message.getLogStartAdvanced();
        yield new Event.LogStartAdvanced(
            uuid(e.getTopicId()), e.getIndex(), e.getLeaderEpoch(), e.getOffset());
      }
      case CONFIGS_CHANGED -> configs(message.getConfigsChanged());
      case FEATURE_FINALISED -> {
        var e = message.getFeatureFinalised();
        yield new Event.FeatureFinalised(e.getName(), (short) e.getLevel(), e.getEpoch());
      }
      case PRODUCER_IDS_ALLOCATED -> {
        var e = message.getProducerIdsAllocated();
        yield new Event.ProducerIdsAllocated(
            e.getNodeId(), e.getNodeEpoch(), e.getFirst(), e.getNext());
      }
      case TOPIC_EMPTIED -> new Event.TopicEmptied(uuid(message.getTopicEmptied().getTopicId()));
      case TOPIC_AWAITING_EMPTYING -> awaiting(message.getTopicAwaitingEmptying());
      case ACL_CREATED -> new Event.AclCreated(SecurityMessages.acl(message.getAclCreated()));
      case ACL_DELETED -> new Event.AclDeleted(SecurityMessages.acl(message.getAclDeleted()));
      case SCRAM_CREDENTIAL_SET ->
          new Event.ScramCredentialSet(
              SecurityMessages.user(message.getScramCredentialSet().getUser()),
              SecurityMessages.secret(message.getScramCredentialSet()));
      case SCRAM_CREDENTIAL_REMOVED ->
          new Event.ScramCredentialRemoved(
              SecurityMessages.user(message.getScramCredentialRemoved()));
      case CLIENT_QUOTAS_CHANGED -> QuotaMessages.read(message.getClientQuotasChanged());
      case DELEGATION_TOKEN_SET ->
          new Event.DelegationTokenSet(SecurityMessages.token(message.getDelegationTokenSet()));
      case DELEGATION_TOKEN_REMOVED ->
          new Event.DelegationTokenRemoved(message.getDelegationTokenRemoved().getId());
      case BODY_NOT_SET -> throw new IllegalArgumentException("no event");
    };
  }

  private static Event registered(NodeRegisteredMessage e) {
    List<Endpoint> listeners =
        e.getListenersList().stream()
            .map(l ->
                new Endpoint(
                    l.getName(),
                    SecurityProtocol.forId((short) l.getSecurityProtocol()),
                    l.getHost(),
                    l.getPort()))
            .toList();
    Map<String, FeatureRange> features = new HashMap<>();
    for (FeatureRangeMessage f : e.getFeaturesList()) {
      features.put(f.getName(), new FeatureRange((short) f.getMin(), (short) f.getMax()));
    }
    return new Event.NodeRegistered(
        new NodeImage(
            e.getNodeId(),
            uuid(e.getIncarnation()),
            e.getEpoch(),
            listeners,
            e.hasRack() ? e.getRack() : null,
            e.getFenced(),
            e.getInControlledShutdown(),
            e.getLogDirsList().stream().map(ProtoValues::uuid).toList(),
            features,
            e.getGateway()),
        e.getPreviousEpoch());
  }

  private static List<PartitionImage> partitions(List<PartitionMessage> messages) {
    return messages.stream().map(EventDecoder::partition).toList();
  }

  private static PartitionImage partition(PartitionMessage p) {
    return new PartitionImage(
        p.getReplicasList(),
        p.hasReassignment() ? reassignment(p.getReassignment()) : Reassignment.NONE,
        p.getIsrList(),
        p.getElrList(),
        p.getLastKnownLeader(),
        p.getLeader(),
        p.getLeaderEpoch(),
        p.getPartitionEpoch(),
        LeaderRecovery.of(p.getRecovery()),
        p.hasManifest() ? manifest(p.getManifest()) : null,
        p.getLogStartOffset());
  }

  private static Reassignment reassignment(ReassignmentMessage r) {
    return new Reassignment(r.getAddingList(), r.getRemovingList());
  }

  private static Event changed(PartitionChangedMessage e) {
    return new Event.PartitionChanged(
        uuid(e.getTopicId()),
        e.getIndex(),
        e.getFromPartitionEpoch(),
        List.copyOf(e.getReplicasList()),
        e.hasReassignment() ? reassignment(e.getReassignment()) : Reassignment.NONE,
        List.copyOf(e.getIsrList()),
        List.copyOf(e.getElrList()),
        e.getLastKnownLeader(),
        e.getLeader(),
        e.getLeaderEpoch(),
        LeaderRecovery.of(e.getRecovery()));
  }

  private static Event configs(ConfigsChangedMessage e) {
    Map<String, @Nullable String> changes = new HashMap<>();
    for (ConfigMessage config : e.getConfigsList()) {
      changes.put(config.getKey(), config.hasValue() ? config.getValue() : null);
    }
    ConfigResource.Type type = ConfigResource.Type.forId((byte) e.getResourceType());
    if (type == ConfigResource.Type.UNKNOWN) {
      throw new IllegalArgumentException("config resource type " + e.getResourceType());
    }
    return new Event.ConfigsChanged(
        new ConfigResource(type, e.getResourceName()), Collections.unmodifiableMap(changes));
  }

  private static Event awaiting(TopicAwaitingEmptyingMessage e) {
    List<@Nullable ManifestPointer> manifests = new ArrayList<>(e.getPartitionCount());
    for (int i = 0; i < e.getPartitionCount(); i++) {
      manifests.add(null);
    }
    for (PartitionManifestMessage m : e.getManifestsList()) {
      manifests.set(m.getIndex(), manifest(m.getManifest()));
    }
    return new Event.TopicAwaitingEmptying(
        new DeletedTopic(
            uuid(e.getTopicId()), e.getName(), Collections.unmodifiableList(manifests)));
  }
}
