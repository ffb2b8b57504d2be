package io.tidemark.gateway.console;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.console.ClusterSizes.Bytes;
import io.tidemark.gateway.console.ClusterSizes.Sizes;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code GET /v1/topics}: a page of the topics, by name or size; {@code GET /v1/topic?topic=T}: one
 * of them with a page of its partitions.
 */
final class TopicsReport {
  private final ClusterView cluster;
  private final ClusterSizes sizes;
  private final Prices prices;

  TopicsReport(ClusterView cluster, ClusterSizes sizes, Prices prices) {
    this.cluster = cluster;
    this.sizes = sizes;
    this.prices = prices;
  }

  HttpResponse topics(HttpRequest request) {
    Page page = Page.of(request);
    Sizes known = sizes.get();
    Comparator<TopicImage> order = order(request.parameter("sort").orElse("name"), known);
    List<TopicImage> found =
        cluster.image().topics().all().stream()
            .filter(topic -> page.lets(topic.name()))
            .sorted(order)
            .toList();
    JsonWriter json = new JsonWriter().object();
    page.write(json, found.size());
    Reports.ids(json, "unanswered", known.unanswered());
    json.field("currency", prices.currency()).name("topics").array();
    page.of(found).forEach(topic -> write(topic, known, json.object()).end());
    return Reports.answer(json.end().end());
  }

  private static Comparator<TopicImage> order(String sort, Sizes known) {
    Comparator<TopicImage> byName = Comparator.comparing(TopicImage::name);
    return switch (sort) {
      case "name" -> byName;
      case "partitions" ->
          Comparator.comparingInt(TopicImage::partitionCount).reversed().thenComparing(byName);
      case "hot" -> bySize(known, Bytes::hot).thenComparing(byName);
      case "cold" -> bySize(known, Bytes::cold).thenComparing(byName);
      default -> throw new IllegalArgumentException("sort is name, partitions, hot or cold");
    };
  }

  private static Comparator<TopicImage> bySize(Sizes known, ToLongFunction<Bytes> size) {
    return Comparator.<TopicImage>comparingLong(topic -> size.applyAsLong(known.of(topic.name())))
        .reversed();
  }

  private JsonWriter write(TopicImage topic, Sizes known, JsonWriter json) {
    Bytes bytes = known.of(topic.name());
    json.field("topic", topic.name())
        .field("partitions", topic.partitionCount())
        .field("replicationFactor", topic.partitions().getFirst().targetReplicas().size())
        .field("leaderless", count(topic, partition -> !partition.hasLeader()))
        .field("underReplicated", count(topic, ClusterReport::isUnderReplicated))
        .field("tiered", count(topic, partition -> partition.manifest() != null) > 0)
        .field("hotBytes", bytes.hot())
        .field("coldBytes", bytes.cold());
    Reports.number(json, "storageCostMonth", prices.storageMonth(bytes.cold()));
    return json;
  }

  private static int count(TopicImage topic, Predicate<PartitionImage> condition) {
    return (int) topic.partitions().stream().filter(condition).count();
  }

  HttpResponse topic(HttpRequest request) {
    Page page = Page.of(request);
    String name = Reports.required(request, "topic");
    ClusterImage image = cluster.image();
    Optional<TopicImage> topic = image.topics().byName(name);
    if (topic.isEmpty()) {
      return Reports.missing("there is no topic " + name);
    }
    Sizes known = sizes.get();
    JsonWriter json = write(topic.get(), known, new JsonWriter().object());
    json.field("id", topic.get().id().toString()).field("currency", prices.currency());
    Reports.ids(json, "unanswered", known.unanswered());
    List<Integer> indexes = IntStream.range(0, topic.get().partitionCount()).boxed().toList();
    page.write(json, indexes.size());
    json.name("list").array();
    page.of(indexes).forEach(index -> write(topic.get(), index, known, json));
    return Reports.answer(json.end().end());
  }

  private static void write(TopicImage topic, int index, Sizes known, JsonWriter json) {
    PartitionImage partition = topic.partitions().get(index);
    Bytes bytes = known.of(new TopicPartition(topic.name(), index));
    json.object()
        .field("partition", index)
        .field("leader", partition.leader())
        .field("leaderEpoch", partition.leaderEpoch())
        .field("tieredOffset", partition.tieredOffset())
        .field("moving", partition.reassignment().isUnderWay())
        .field("hotBytes", bytes.hot())
        .field("coldBytes", bytes.cold());
    Reports.ids(json, "replicas", partition.replicas());
    Reports.ids(json, "isr", partition.isr());
    json.end();
  }
}
