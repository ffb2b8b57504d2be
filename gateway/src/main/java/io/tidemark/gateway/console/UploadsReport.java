package io.tidemark.gateway.console;

import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import io.tidemark.tiering.TopicTier;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /v1/uploads}: what waits to be stored, of the partitions this node leads, the longest
 * waiting first. Only a leader knows.
 */
final class UploadsReport {
  private final int nodeId;
  private final Supplier<List<TopicTier>> tiers;

  UploadsReport(int nodeId, Supplier<List<TopicTier>> tiers) {
    this.nodeId = nodeId;
    this.tiers = tiers;
  }

  HttpResponse answer(HttpRequest request) {
    Page page = Page.of(request);
    List<TopicTier> waiting =
        tiers.get().stream()
            .filter(topic -> topic.waitingSegments() > 0 || topic.failingPartitions() > 0)
            .filter(topic -> page.lets(topic.topic()))
            .sorted(
                Comparator.comparingLong(TopicTier::oldestWaitingMs)
                    .reversed()
                    .thenComparing(TopicTier::topic))
            .toList();
    JsonWriter json = new JsonWriter().object().field("node", nodeId);
    page.write(json, waiting.size());
    json.field("waitingSegments", waiting.stream().mapToLong(TopicTier::waitingSegments).sum())
        .field("waitingBytes", waiting.stream().mapToLong(TopicTier::waitingBytes).sum())
        .name("topics")
        .array();
    page.of(waiting)
        .forEach(topic ->
            json.object()
                .field("topic", topic.topic())
                .field("waitingSegments", topic.waitingSegments())
                .field("waitingBytes", topic.waitingBytes())
                .field("oldestWaitingMs", topic.oldestWaitingMs())
                .field("failingPartitions", topic.failingPartitions())
                .end());
    return Reports.answer(json.end().end());
  }
}
