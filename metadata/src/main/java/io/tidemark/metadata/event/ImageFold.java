package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ConfigsImage;
import io.tidemark.metadata.image.DeletedTopic;
import io.tidemark.metadata.image.FeaturesImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodesImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.QuotasImage;
import io.tidemark.metadata.image.SecurityImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.metadata.image.TopicsImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Folds events into an image. Refuses an event whose epochs have moved and decides nothing else, so
 * the same events give the same image in every release and on every node.
 *
 * <p>Used once: start from an image, apply events in order, take the next image and what differs.
 * One thread.
 */
public final class ImageFold {
  private final DeltaBuilder delta = new DeltaBuilder();

  /** Topics touched by this fold; they enter the persistent map once, at the end. */
  private final Map<Uuid, TopicImage> touched = new HashMap<>();

  private String clusterId;
  private PMap<Integer, NodeImage> nodes;
  private PMap<Uuid, TopicImage> topics;
  private PMap<String, Uuid> topicIds;
  private int partitionCount;
  private PMap<ConfigResource, PMap<String, String>> configs;
  private FeaturesImage features;
  private long nextProducerId;
  private PMap<Uuid, DeletedTopic> deletedTopics;
  private SecurityImage security;
  private QuotasImage quotas;

  public ImageFold(ClusterImage base) {
    clusterId = base.clusterId();
    nodes = base.nodes().nodesById();
    topics = base.topics().topicsById();
    topicIds = base.topics().idsByName();
    partitionCount = base.topics().partitionCount();
    configs = base.configs().overridesByResource();
    features = base.features();
    nextProducerId = base.nextProducerId();
    deletedTopics = base.deletedTopics();
    security = base.security();
    quotas = base.quotas();
  }

  /**
   * Applies one event.
   *
   * @param index where its entry stands in the quorum's order
   * @return false when it was refused, and nothing changed
   */
  public boolean apply(Event event, long index) {
    return switch (event) {
      case Event.ClusterFormed e -> formed(e);
      case Event.ControllerElected _ -> true;
      case Event.NodeRegistered e -> registered(e, index);
      case Event.NodeUnregistered e -> unregistered(e);
      case Event.NodeStateChanged e -> stateChanged(e);
      case Event.TopicCreated e -> created(e);
      case Event.PartitionsAdded e -> added(e);
      case Event.TopicDeleted e -> deleted(e);
      case Event.PartitionChanged e -> changed(e);
      case Event.ManifestCommitted e -> committed(e);
      case Event.LogStartAdvanced e -> advanced(e);
      case Event.ConfigsChanged e -> configured(e);
      case Event.FeatureFinalised e -> finalised(e, index);
      case Event.ProducerIdsAllocated e -> allocated(e);
      case Event.TopicEmptied e -> emptied(e);
      case Event.TopicAwaitingEmptying e -> awaiting(e);
      case Event.AclCreated e -> protect(security.with(e.acl()));
      case Event.AclDeleted e -> protect(security.without(e.acl()));
      case Event.ScramCredentialSet e -> protect(security.with(e.user(), e.secret()));
      case Event.ScramCredentialRemoved e -> protect(security.without(e.user()));
      case Event.ClientQuotasChanged e -> limited(e);
      case Event.DelegationTokenSet e -> protect(security.with(e.token()));
      case Event.DelegationTokenRemoved e -> protect(security.withoutToken(e.id()));
    };
  }

  /** Applies the events of one entry and returns how many were refused. */
  public int applyAll(List<Event> events, long index) {
    int refused = 0;
    for (Event event : events) {
      if (!apply(event, index)) {
        refused++;
      }
    }
    return refused;
  }

  /** The image now, standing at a version. More events may follow. */
  public ClusterImage image(long version) {
    if (!touched.isEmpty()) {
      topics = topics.plusAll(touched);
      touched.clear();
    }
    return new ClusterImage(
        version,
        clusterId,
        new NodesImage(nodes),
        new TopicsImage(topics, topicIds, partitionCount),
        new ConfigsImage(configs),
        features,
        nextProducerId,
        deletedTopics,
        security,
        quotas);
  }

  /** What differs from the image this fold started from. */
  public ImageDelta delta() {
    return delta.build();
  }

  private boolean formed(Event.ClusterFormed event) {
    if (!clusterId.isEmpty()) {
      return false;
    }
    clusterId = event.clusterId();
    return true;
  }

  private boolean registered(Event.NodeRegistered event, long index) {
    NodeImage node = event.node();
    if (nodeEpoch(node.id()) != event.previousEpoch()) {
      return false;
    }
    nodes = nodes.plus(node.id(), node.epoch() == Event.EPOCH_IS_INDEX ? at(node, index) : node);
    delta.node(node.id());
    return true;
  }

  private static NodeImage at(NodeImage node, long epoch) {
    return new NodeImage(
        node.id(),
        node.incarnation(),
        epoch,
        node.listeners(),
        node.rack(),
        node.fenced(),
        node.inControlledShutdown(),
        node.logDirs(),
        node.features(),
        node.gateway());
  }

  private boolean unregistered(Event.NodeUnregistered event) {
    if (!nodes.containsKey(event.nodeId()) || nodeEpoch(event.nodeId()) != event.epoch()) {
      return false;
    }
    nodes = nodes.minus(event.nodeId());
    delta.node(event.nodeId());
    return true;
  }

  private boolean stateChanged(Event.NodeStateChanged event) {
    NodeImage node = nodes.get(event.nodeId());
    if (node == null || node.epoch() != event.epoch()) {
      return false;
    }
    nodes = nodes.plus(node.id(), node.with(event.fenced(), event.inControlledShutdown()));
    delta.node(node.id());
    return true;
  }

  private long nodeEpoch(int nodeId) {
    NodeImage node = nodes.get(nodeId);
    return node == null ? -1 : node.epoch();
  }

  private @Nullable TopicImage topic(Uuid id) {
    TopicImage topic = touched.get(id);
    return topic != null ? topic : topics.get(id);
  }

  private boolean created(Event.TopicCreated event) {
    if (topic(event.id()) != null || topicIds.containsKey(event.name())) {
      return false;
    }
    PVector<PartitionImage> partitions = TreePVector.from(event.partitions());
    touched.put(event.id(), new TopicImage(event.id(), event.name(), partitions));
    topicIds = topicIds.plus(event.name(), event.id());
    partitionCount += partitions.size();
    delta.topicCreated(event.id(), partitions.size());
    return true;
  }

  private boolean added(Event.PartitionsAdded event) {
    TopicImage topic = topic(event.topicId());
    if (topic == null || topic.partitionCount() != event.from()) {
      return false;
    }
    PVector<PartitionImage> partitions = topic.partitions().plusAll(event.partitions());
    touched.put(topic.id(), new TopicImage(topic.id(), topic.name(), partitions));
    partitionCount += event.partitions().size();
    for (int i = event.from(); i < partitions.size(); i++) {
      delta.partition(topic.id(), i);
    }
    return true;
  }

  private boolean deleted(Event.TopicDeleted event) {
    TopicImage topic = topic(event.id());
    if (topic == null) {
      return false;
    }
    touched.remove(topic.id());
    topics = topics.minus(topic.id());
    topicIds = topicIds.minus(topic.name());
    partitionCount -= topic.partitionCount();
    ConfigResource resource = ConfigsImage.topic(topic.name());
    if (configs.containsKey(resource)) {
      configs = configs.minus(resource);
      delta.config(resource);
    }
    delta.topicDeleted(topic.id());
    if (event.keepsObjects()) {
      deletedTopics = deletedTopics.plus(topic.id(), remains(topic));
      delta.deletedTopic(topic.id());
    }
    return true;
  }

  private static DeletedTopic remains(TopicImage topic) {
    List<@Nullable ManifestPointer> manifests = new ArrayList<>(topic.partitionCount());
    for (PartitionImage partition : topic.partitions()) {
      manifests.add(partition.manifest());
    }
    return new DeletedTopic(topic.id(), topic.name(), Collections.unmodifiableList(manifests));
  }

  private boolean changed(Event.PartitionChanged event) {
    PartitionImage partition = partition(event.topicId(), event.index());
    if (partition == null || partition.partitionEpoch() != event.fromPartitionEpoch()) {
      return false;
    }
    return replace(
        event.topicId(),
        event.index(),
        new PartitionImage(
            event.replicas(),
            event.reassignment(),
            event.isr(),
            event.elr(),
            event.lastKnownLeader(),
            event.leader(),
            event.leaderEpoch(),
            partition.partitionEpoch() + 1,
            event.recovery(),
            partition.manifest(),
            partition.logStartOffset()));
  }

  private boolean committed(Event.ManifestCommitted event) {
    PartitionImage partition = partition(event.topicId(), event.index());
    if (partition == null
        || partition.leaderEpoch() != event.leaderEpoch()
        || partition.manifestVersion() != event.parentVersion()) {
      return false;
    }
    return replace(event.topicId(), event.index(), partition.withManifest(event.manifest()));
  }

  private boolean advanced(Event.LogStartAdvanced event) {
    PartitionImage partition = partition(event.topicId(), event.index());
    if (partition == null
        || partition.leaderEpoch() != event.leaderEpoch()
        || partition.logStartOffset() >= event.offset()) {
      return false;
    }
    return replace(event.topicId(), event.index(), partition.withLogStartOffset(event.offset()));
  }

  private @Nullable PartitionImage partition(Uuid topicId, int index) {
    TopicImage topic = topic(topicId);
    return topic == null || index < 0 || index >= topic.partitionCount()
        ? null
        : topic.partitions().get(index);
  }

  private boolean replace(Uuid topicId, int index, PartitionImage partition) {
    TopicImage topic = topic(topicId);
    if (topic == null) {
      return false;
    }
    touched.put(
        topicId, new TopicImage(topicId, topic.name(), topic.partitions().with(index, partition)));
    delta.partition(topicId, index);
    return true;
  }

  private boolean configured(Event.ConfigsChanged event) {
    ConfigResource resource = event.resource();
    if (resource.type() == ConfigResource.Type.TOPIC && !topicIds.containsKey(resource.name())) {
      return false;
    }
    PMap<String, String> overrides = new ConfigsImage(configs).overrides(resource);
    for (Map.Entry<String, @Nullable String> change : event.changes().entrySet()) {
      String value = change.getValue();
      overrides =
          value == null ? overrides.minus(change.getKey()) : overrides.plus(change.getKey(), value);
    }
    configs = overrides.isEmpty() ? configs.minus(resource) : configs.plus(resource, overrides);
    delta.config(resource);
    return true;
  }

  private boolean finalised(Event.FeatureFinalised event, long index) {
    PMap<String, Short> levels =
        event.level() == 0
            ? features.levels().minus(event.name())
            : features.levels().plus(event.name(), event.level());
    features =
        new FeaturesImage(levels, event.epoch() == Event.EPOCH_IS_INDEX ? index : event.epoch());
    delta.features();
    return true;
  }

  private boolean allocated(Event.ProducerIdsAllocated event) {
    boolean nodeMoved =
        event.nodeId() != Event.NO_NODE && nodeEpoch(event.nodeId()) != event.nodeEpoch();
    if (nodeMoved || event.first() != nextProducerId || event.next() < event.first()) {
      return false;
    }
    nextProducerId = event.next();
    return true;
  }

  private boolean protect(SecurityImage next) {
    if (next.equals(security)) {
      return false;
    }
    security = next;
    delta.security();
    return true;
  }

  private boolean limited(Event.ClientQuotasChanged event) {
    QuotasImage next = quotas.with(event.entity(), event.changes());
    if (next.equals(quotas)) {
      return false;
    }
    quotas = next;
    delta.quotas();
    return true;
  }

  private boolean emptied(Event.TopicEmptied event) {
    if (!deletedTopics.containsKey(event.id())) {
      return false;
    }
    deletedTopics = deletedTopics.minus(event.id());
    delta.deletedTopic(event.id());
    return true;
  }

  private boolean awaiting(Event.TopicAwaitingEmptying event) {
    if (deletedTopics.containsKey(event.topic().id())) {
      return false;
    }
    deletedTopics = deletedTopics.plus(event.topic().id(), event.topic());
    delta.deletedTopic(event.topic().id());
    return true;
  }
}
