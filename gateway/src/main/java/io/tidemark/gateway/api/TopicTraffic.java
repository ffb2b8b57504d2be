package io.tidemark.gateway.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clients write to and read from each topic, in bytes. Meters go with their topic. Safe from
 * any thread.
 */
public final class TopicTraffic {
  private final MeterRegistry meters;
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();

  private record Topic(Counter in, Counter out) {}

  public TopicTraffic(MeterRegistry meters) {
    this.meters = meters;
  }

  public void produced(String topic, int sizeBytes) {
    of(topic).in.increment(sizeBytes);
  }

  public void fetched(String topic, int sizeBytes) {
    of(topic).out.increment(sizeBytes);
  }

  /** Drops the meters of topics that are gone. */
  public void forget(Set<String> deletedTopics) {
    for (String name : deletedTopics) {
      Topic topic = topics.remove(name);
      if (topic != null) {
        meters.remove(topic.in);
        meters.remove(topic.out);
      }
    }
  }

  private Topic of(String name) {
    Topic known = topics.get(name);
    return known != null ? known : topics.computeIfAbsent(name, this::register);
  }

  private Topic register(String name) {
    return new Topic(
        Counter.builder("tidemark.topic.in")
            .description("Bytes of record batches appended for producers.")
            .baseUnit("bytes")
            .tag("topic", name)
            .register(meters),
        Counter.builder("tidemark.topic.out")
            .description("Bytes of record batches sent to consumers.")
            .baseUnit("bytes")
            .tag("topic", name)
            .register(meters));
  }
}
