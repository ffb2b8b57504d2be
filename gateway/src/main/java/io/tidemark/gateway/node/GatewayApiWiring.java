package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.api.FindCoordinatorHandler;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.config.NetworkKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.fetch.FetchHandler;
import io.tidemark.gateway.fetch.FetchSessionCache;
import io.tidemark.gateway.forward.ForwardApis;
import io.tidemark.gateway.forward.Forwarder;
import io.tidemark.gateway.forward.Routes;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.security.audit.Audit;
import io.tidemark.gateway.security.audit.AuditedApis;
import io.tidemark.gateway.security.guard.Guards;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The APIs of a gateway: those of administrators as any node answers them, reads of the bucket, and
 * the rest passed on.
 */
final class GatewayApiWiring {
  private final NodeConfig config;
  private final NodePorts ports;
  private final MeterRegistry meters;
  private final ClusterView cluster;
  private final ColdReads coldReads;
  private final Forwarder forwarder;
  private final Audit audit;

  GatewayApiWiring(
      NodeConfig config,
      NodePorts ports,
      MeterRegistry meters,
      ClusterView cluster,
      ColdReads coldReads,
      Forwarder forwarder,
      Audit audit) {
    this.config = config;
    this.ports = ports;
    this.meters = meters;
    this.cluster = cluster;
    this.coldReads = coldReads;
    this.forwarder = forwarder;
    this.audit = audit;
  }

  ApiTable table(AdminApiWiring admin, TopicTraffic traffic, ClientQuotas quotas) {
    AtomicReference<ApiTable> table = new AtomicReference<>();
    Routes routes = new Routes(cluster);
    ApiTable.Builder apis = ApiTable.builder();
    admin.addTo(apis, table::get);
    new ForwardApis(forwarder, routes).addTo(apis);
    apis.serve(ApiKeys.FETCH, 4, 18, fetch(routes, traffic, quotas))
        .serve(ApiKeys.FIND_COORDINATOR, 0, 6, findCoordinator(admin));
    table.set(new AuditedApis(audit).around(new Guards(cluster).around(apis.build())));
    return table.get();
  }

  private FetchHandler fetch(Routes routes, TopicTraffic traffic, ClientQuotas quotas) {
    FetchSessionCache sessions =
        new FetchSessionCache(
            config.getInt(NetworkKeys.FETCH_SESSION_SLOTS),
            ApiWiring.FETCH_SESSION_EVICTION_MS,
            ports.time(),
            ports.random(),
            meters);
    return FetchHandler.ofGateway(
        cluster,
        coldReads,
        forwarder,
        routes,
        sessions,
        traffic,
        quotas,
        config.getInt(NetworkKeys.FETCH_MAX_BYTES));
  }

  private FindCoordinatorHandler findCoordinator(AdminApiWiring admin) {
    return new FindCoordinatorHandler(
        cluster,
        group -> partitionFor(group, Topic.GROUP_METADATA_TOPIC_NAME),
        id -> partitionFor(id, Topic.TRANSACTION_STATE_TOPIC_NAME),
        admin.autoCreation());
  }

  private int partitionFor(String key, String topic) {
    return cluster
        .image()
        .topics()
        .byName(topic)
        .map(known -> Routes.partitionFor(key, known))
        .orElse(-1);
  }
}
