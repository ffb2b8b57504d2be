package io.tidemark.metadata.image;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The dynamic overrides of every resource that has any. The cluster-wide default of all nodes is
 * the resource {@code (BROKER, "")}.
 */
public record ConfigsImage(PMap<ConfigResource, PMap<String, String>> overridesByResource) {

  public static final ConfigsImage EMPTY = new ConfigsImage(HashTreePMap.empty());

  public static final ConfigResource ALL_NODES = new ConfigResource(ConfigResource.Type.BROKER, "");

  /** The overrides of one resource; empty when it has none. */
  public Map<String, String> of(ConfigResource resource) {
    return overrides(resource);
  }

  /** The same, as the persistent map it is. */
  public PMap<String, String> overrides(ConfigResource resource) {
    PMap<String, String> found = overridesByResource.get(resource);
    return found == null ? HashTreePMap.empty() : found;
  }

  public Map<String, String> ofTopic(String name) {
    return of(topic(name));
  }

  public Map<String, String> ofNode(int nodeId) {
    return of(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(nodeId)));
  }

  /** What holds for every node that does not override it. */
  public Map<String, String> ofAllNodes() {
    return of(ALL_NODES);
  }

  public Map<String, String> ofGroup(String groupId) {
    return of(new ConfigResource(ConfigResource.Type.GROUP, groupId));
  }

  /** Every resource that has an override, in no order. */
  public Set<ConfigResource> resources() {
    return overridesByResource.keySet();
  }

  public static ConfigResource topic(String name) {
    return new ConfigResource(ConfigResource.Type.TOPIC, name);
  }
}
