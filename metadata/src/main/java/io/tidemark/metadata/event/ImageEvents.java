package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ClusterImage;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The shortest events that fold to a given image from an empty one: what a snapshot is made of. */
final class ImageEvents {
  private ImageEvents() {}

  static Stream<Event> of(ClusterImage image) {
    return Stream.of(
            cluster(image),
            nodes(image),
            topics(image),
            configs(image),
            remains(image),
            security(image),
            quotas(image))
        .flatMap(events -> events);
  }

  private static Stream<Event> cluster(ClusterImage image) {
    List<Event> formed =
        image.hasClusterId() ? List.of(new Event.ClusterFormed(image.clusterId())) : List.of();
    Stream<Event> features =
        new TreeMap<>(image.features().levels())
            .entrySet().stream()
                .map(level ->
                    new Event.FeatureFinalised(
                        level.getKey(), level.getValue(), image.features().epoch()));
    Event producerIds =
        new Event.ProducerIdsAllocated(Event.NO_NODE, -1, 0, image.nextProducerId());
    return Stream.of(formed.stream(), features, Stream.of(producerIds)).flatMap(events -> events);
  }

  private static Stream<Event> nodes(ClusterImage image) {
    return image.nodes().all().stream().map(node -> new Event.NodeRegistered(node, -1));
  }

  private static Stream<Event> topics(ClusterImage image) {
    return image.topics().all().stream()
        .map(topic -> new Event.TopicCreated(topic.id(), topic.name(), topic.partitions()));
  }

  private static Stream<Event> configs(ClusterImage image) {
    return image.configs().overridesByResource().entrySet().stream()
        .map(entry -> {
          Map<String, @Nullable String> values = new HashMap<>(entry.getValue());
          return new Event.ConfigsChanged(entry.getKey(), Collections.unmodifiableMap(values));
        });
  }

  private static Stream<Event> security(ClusterImage image) {
    Stream<Event> credentials =
        image.security().scram().entrySet().stream()
            .map(user -> new Event.ScramCredentialSet(user.getKey(), user.getValue()));
    Stream<Event> tokens =
        image.security().tokens().values().stream().map(Event.DelegationTokenSet::new);
    Stream<Event> rules = image.security().bindings().map(Event.AclCreated::new);
    return Stream.of(rules, credentials, tokens).flatMap(events -> events);
  }

  private static Stream<Event> quotas(ClusterImage image) {
    return image.quotas().valuesByEntity().entrySet().stream()
        .map(entry -> {
          Map<String, @Nullable Double> values = new HashMap<>(entry.getValue());
          return new Event.ClientQuotasChanged(entry.getKey(), Collections.unmodifiableMap(values));
        });
  }

  private static Stream<Event> remains(ClusterImage image) {
    return image.deletedTopics().values().stream().map(Event.TopicAwaitingEmptying::new);
  }
}
