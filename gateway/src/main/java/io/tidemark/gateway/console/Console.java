package io.tidemark.gateway.console;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.http.Route;
import io.tidemark.gateway.http.Routes;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.tiering.Tiering;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/** The console's routes over the parts of a node. Holds nothing that has to be closed. */
public final class Console {
  private final Prices prices;
  private final List<Integer> voters;
  private final Time time;
  private final MeterRegistry meters;

  /** What of a node is shown. */
  public record Shown(
      ClusterView cluster,
      ReplicaSet replicas,
      Tiering tiering,
      Manifests manifests,
      NodeAnswers nodes,
      ClusterEvents events) {}

  /** The store's lists of segments. */
  @FunctionalInterface
  public interface Manifests {
    /** Null where this node has no store. Waits for the store unless the manifest is in memory. */
    @Nullable Manifest read(TopicIdPartition id, ManifestPointer pointer)
        throws ObjectStoreException;
  }

  /**
   * @param voters ids of the metadata quorum
   */
  public Console(Prices prices, List<Integer> voters, Time time, MeterRegistry meters) {
    this.prices = prices;
    this.voters = List.copyOf(voters);
    this.time = time;
    this.meters = meters;
  }

  /** Serves it. */
  public void addTo(Routes routes, Shown shown) {
    ClusterView cluster = shown.cluster();
    Tiering tiering = shown.tiering();
    ClusterSizes sizes = new ClusterSizes(cluster, shown.nodes(), time);
    GroupQuestions questions = new GroupQuestions(cluster, shown.nodes());
    TopicsReport topics = new TopicsReport(cluster, sizes, prices);
    GroupsReport groups = new GroupsReport(questions);
    PartitionReport partition =
        new PartitionReport(cluster, shown.replicas()::get, shown.manifests(), questions);
    StoreReport store =
        new StoreReport(cluster.nodeId(), tiering.storeAddress(), meters, sizes, prices, time);
    ConsoleFiles.addTo(routes);
    routes
        .add(Route.get("/v1/cluster", new ClusterReport(cluster, voters, sizes)::answer))
        .add(Route.get("/v1/topics", topics::topics))
        .add(Route.get("/v1/topic", topics::topic))
        .add(Route.get("/v1/partition", partition::answer))
        .add(Route.get("/v1/groups", groups::groups))
        .add(Route.get("/v1/group", groups::group))
        .add(Route.get("/v1/uploads", new UploadsReport(cluster.nodeId(), tiering::status)::answer))
        .add(Route.get("/v1/store", store::answer))
        .add(Route.get("/v1/events", new EventsReport(shown.events())::answer));
  }
}
