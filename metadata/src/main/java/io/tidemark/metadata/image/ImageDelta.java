package io.tidemark.metadata.image;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What differs between two images, so that a listener looks at that alone. Names things; their
 * values are in the images.
 *
 * <p>A topic deleted and created again under its name is one deleted and one created topic, for its
 * id differs. A topic that came and went between the two images is not named.
 *
 * @param createdTopics in the next image only
 * @param deletedTopics in the previous image only
 * @param changedPartitions of topics in the next image: indexes that are new or differ, all of them
 *     for a created topic
 * @param changedNodes registered, unregistered or altered
 * @param changedConfigs resources whose overrides differ
 * @param changedDeletedTopics entered or left the topics awaiting the emptying of their objects
 * @param securityChanged whether rules or credentials differ
 * @param quotasChanged whether quotas of clients differ
 */
public record ImageDelta(
    Set<Uuid> createdTopics,
    Set<Uuid> deletedTopics,
    Map<Uuid, Set<Integer>> changedPartitions,
    Set<Integer> changedNodes,
    Set<ConfigResource> changedConfigs,
    boolean featuresChanged,
    Set<Uuid> changedDeletedTopics,
    boolean securityChanged,
    boolean quotasChanged) {}
