package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import io.tidemark.gateway.http.Route;
import io.tidemark.gateway.http.Routes;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.tiering.Tiering;
import io.tidemark.tiering.TopicTier;
import io.tidemark.tiering.verify.Finding;
import io.tidemark.tiering.verify.VerifyReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.TopicIdPartition;

/**
 * What the tools ask about the tiers.
 *
 * <pre>
 *  GET /v1/tier[?topic=T]         {"store":…,"topics":[{"topic":…,"hotBytes":…,"coldBytes":…,…}]}
 *  GET /v1/tier/verify[?topic=T]  a JSON object a line: {"topic":…,"partition":…,"objects":…,"bytes":…,
 *                                 "problems":[…]} for each partition as it is read, then {"done":true}
 * </pre>
 */
final class TierRoutes {
  private final ClusterView cluster;
  private final Tiering tiering;

  TierRoutes(ClusterView cluster, Tiering tiering) {
    this.cluster = cluster;
    this.tiering = tiering;
  }

  void addTo(Routes routes) {
    routes.add(Route.get("/v1/tier", this::status)).add(Route.get("/v1/tier/verify", this::verify));
  }

  private HttpResponse status(HttpRequest request) {
    Optional<String> wanted = request.parameter("topic");
    JsonWriter json = new JsonWriter().object();
    json.field("store", tiering.storeAddress()).name("topics").array();
    tiering.status().stream()
        .filter(topic -> wanted.isEmpty() || topic.topic().equals(wanted.get()))
        .forEach(topic -> write(topic, json));
    return HttpResponse.json(200, json.end().end() + "\n");
  }

  private static void write(TopicTier topic, JsonWriter json) {
    json.object()
        .field("topic", topic.topic())
        .field("partitions", topic.partitions())
        .field("tiered", topic.isTiered())
        .field("hotBytes", topic.hotBytes())
        .field("coldBytes", topic.coldBytes())
        .field("hotSegments", topic.hotSegments())
        .field("segments", topic.coldSegments())
        .field("dirtyBytes", topic.dirtyBytes())
        .field("waitingSegments", topic.waitingSegments())
        .field("waitingBytes", topic.waitingBytes())
        .field("oldestWaitingMs", topic.oldestWaitingMs())
        .field("lagMs", topic.lagMs())
        .field("failingPartitions", topic.failingPartitions())
        .end();
  }

  private HttpResponse verify(HttpRequest request) {
    if (tiering.storeAddress() == null) {
      return HttpResponse.json(409, error("this node has no object store (tiering.store)"));
    }
    Optional<String> wanted = request.parameter("topic");
    List<TopicImage> topics =
        cluster.image().topics().all().stream()
            .filter(topic -> wanted.isEmpty() || topic.name().equals(wanted.get()))
            .sorted(Comparator.comparing(TopicImage::name))
            .toList();
    if (wanted.isPresent() && topics.isEmpty()) {
      return HttpResponse.json(404, error("there is no topic " + wanted.get()));
    }
    return HttpResponse.jsonLines(out -> verify(topics, out));
  }

  private void verify(List<TopicImage> topics, OutputStream out) throws IOException {
    for (TopicImage topic : topics) {
      for (int index = 0; index < topic.partitionCount(); index++) {
        line(verified(topic, index), out);
      }
    }
    line(new JsonWriter().object().field("done", true).end(), out);
  }

  private JsonWriter verified(TopicImage topic, int index) throws IOException {
    TopicIdPartition id = new TopicIdPartition(topic.id(), index, topic.name());
    VerifyReport report = join(topic.name(), id);
    JsonWriter json =
        new JsonWriter()
            .object()
            .field("topic", topic.name())
            .field("partition", index)
            .field("objects", report.manifests() + report.segments())
            .field("bytes", report.bytesRead())
            .field("records", report.records())
            .field("unreferenced", report.unreferenced());
    json.name("problems").array();
    report.findings().stream()
        .filter(Finding::isProblem)
        .forEach(
            finding -> json.value(finding.kind() + " " + finding.key() + ": " + finding.detail()));
    return json.end().end();
  }

  private VerifyReport join(String topic, TopicIdPartition id) throws IOException {
    try {
      return tiering.verify(topic, List.of(id), progress -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("verifying " + id + " was interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("verifying " + id + " failed", e.getCause());
    }
  }

  private static void line(JsonWriter json, OutputStream out) throws IOException {
    out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String error(String message) {
    return new JsonWriter().object().field("error", message).end() + "\n";
  }
}
