package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.AlterReplicaLogDirsHandler;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.AutoCreation;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.api.ConfigDescriptions.EffectiveConfigs;
import io.tidemark.gateway.api.DeleteRecordsHandler;
import io.tidemark.gateway.api.DescribeLogDirsHandler;
import io.tidemark.gateway.api.DescribeLogDirsHandler.Directory;
import io.tidemark.gateway.api.DescribeLogDirsHandler.Store;
import io.tidemark.gateway.api.DescribeProducersHandler;
import io.tidemark.gateway.api.FindCoordinatorHandler;
import io.tidemark.gateway.api.GroupHandlers;
import io.tidemark.gateway.api.InitProducerIdHandler;
import io.tidemark.gateway.api.ListOffsetsHandler;
import io.tidemark.gateway.api.LocalPartitions;
import io.tidemark.gateway.api.OffsetForLeaderEpochHandler;
import io.tidemark.gateway.api.OffsetLookup;
import io.tidemark.gateway.api.ProduceHandler;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.api.TransactionHandlers;
import io.tidemark.gateway.api.TransactionalProduce;
import io.tidemark.gateway.config.NetworkKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.TransactionKeys;
import io.tidemark.gateway.fetch.FetchHandler;
import io.tidemark.gateway.fetch.FetchSessionCache;
import io.tidemark.gateway.fetch.PreferredReplicas;
import io.tidemark.gateway.forward.EnvelopeHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.MutationLedger;
import io.tidemark.gateway.replication.ReplicationThrottle;
import io.tidemark.gateway.security.audit.AuditedApis;
import io.tidemark.gateway.security.guard.Guards;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectory;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.tiering.Tiering;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.protocol.ApiKeys;

/** The APIs this node serves: which, in which versions, by whom. */
final class ApiWiring {
  static final long FETCH_SESSION_EVICTION_MS = 120_000;
  private static final int VALIDATORS = 2;
  private static final long UNKNOWN_BYTES = -1;

  private final NodeConfig config;
  private final NodePorts ports;
  private final MeterRegistry meters;
  private final ClusterView cluster;
  private final ReplicaSet replicas;
  private final ColdTierWiring coldTier;
  private final Coordinators coordinators;
  private final Controller controller;
  private final BatchValidator validator;
  private final Executor diskReaders;
  private final TopicTraffic traffic;
  private final EffectiveConfigs configs;
  private final LogDirectories directories;
  private final SecurityWiring security;
  private final ClientQuotas quotas;
  private final MutationLedger mutations;
  private final ReplicationThrottle leaderThrottle;

  /**
   * @param controller answers administrators when this node has acted
   */
  ApiWiring(
      NodeConfig config,
      NodePorts ports,
      MeterRegistry meters,
      ClusterView cluster,
      ReplicaSet replicas,
      ColdTierWiring coldTier,
      Coordinators coordinators,
      Controller controller,
      BatchValidator validator,
      Executor diskReaders,
      TopicTraffic traffic,
      EffectiveConfigs configs,
      LogDirectories directories,
      SecurityWiring security,
      ClientQuotas quotas,
      MutationLedger mutations,
      ReplicationThrottle leaderThrottle) {
    this.config = config;
    this.ports = ports;
    this.meters = meters;
    this.cluster = cluster;
    this.replicas = replicas;
    this.coldTier = coldTier;
    this.coordinators = coordinators;
    this.controller = controller;
    this.validator = validator;
    this.diskReaders = diskReaders;
    this.traffic = traffic;
    this.configs = configs;
    this.directories = directories;
    this.security = security;
    this.quotas = quotas;
    this.mutations = mutations;
    this.leaderThrottle = leaderThrottle;
  }

  ApiTable table() {
    AtomicReference<ApiTable> table = new AtomicReference<>();
    LocalPartitions partitions = new LocalPartitions(cluster, replicas);
    ColdReads coldReads = new ColdReads(cluster, coldTier.reader());
    AdminApiWiring admin =
        new AdminApiWiring(config, cluster, controller, configs, security, mutations);
    ApiTable.Builder apis = ApiTable.builder();
    admin.addTo(apis, table::get);
    apis.serveHidden(
            ApiKeys.ENVELOPE,
            0,
            0,
            new EnvelopeHandler(
                config.interBrokerListenerName(),
                security.claims()::isSomeNode,
                security.authoriser(),
                table::get))
        .serve(ApiKeys.DESCRIBE_LOG_DIRS, 1, 5, logDirs());
    serveData(apis, partitions, coldReads);
    serveGroups(apis, admin.autoCreation());
    serveTransactions(apis);
    ApiTable guarded = new Guards(cluster).around(apis.build());
    table.set(new AuditedApis(security.audit().log()).around(guarded));
    return table.get();
  }

  private void serveData(ApiTable.Builder apis, LocalPartitions partitions, ColdReads coldReads) {
    ProduceHandler produce =
        new ProduceHandler(
            partitions,
            validator,
            ports.pool("validator", VALIDATORS),
            traffic,
            new TransactionalProduce(
                coordinators.admission(),
                config.getBoolean(TransactionKeys.PARTITION_VERIFICATION_ENABLE)));
    OffsetLookup lookup = new OffsetLookup(coldReads, diskReaders);
    apis.serve(ApiKeys.PRODUCE, 0, 3, 13, produce)
        .serve(ApiKeys.FETCH, 4, 18, fetch(partitions, coldReads))
        .serve(ApiKeys.LIST_OFFSETS, 1, 11, new ListOffsetsHandler(partitions, lookup))
        .serve(
            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            2,
            4,
            new OffsetForLeaderEpochHandler(partitions, coldReads))
        .serve(
            ApiKeys.DELETE_RECORDS, 0, 2, new DeleteRecordsHandler(partitions, coldTier.tiering()))
        .serve(
            ApiKeys.INIT_PRODUCER_ID,
            0,
            5,
            new InitProducerIdHandler(coordinators.producerIds(), coordinators.transactions()))
        .serve(ApiKeys.DESCRIBE_PRODUCERS, 0, 0, new DescribeProducersHandler(partitions))
        .serve(
            ApiKeys.ALTER_REPLICA_LOG_DIRS,
            1,
            2,
            new AlterReplicaLogDirsHandler(partitions, replicas.moves()));
  }

  private FetchHandler fetch(LocalPartitions partitions, ColdReads coldReads) {
    FetchSessionCache sessions =
        new FetchSessionCache(
            config.getInt(NetworkKeys.FETCH_SESSION_SLOTS),
            FETCH_SESSION_EVICTION_MS,
            ports.time(),
            ports.random(),
            meters);
    FetchHandler fetch =
        new FetchHandler(
            partitions,
            coldReads,
            new PreferredReplicas(cluster, config.isRackAware()),
            leaderThrottle,
            sessions,
            diskReaders,
            traffic,
            quotas,
            this::mayFollow,
            config.getInt(NetworkKeys.FETCH_MAX_BYTES));
    security.authoriser().onChange(fetch::lookAgain);
    return fetch;
  }

  private boolean mayFollow(Request request, int replicaId) {
    return request.listenerName().equals(config.interBrokerListenerName())
        && security.claims().mayFollow(request, replicaId);
  }

  private void serveGroups(ApiTable.Builder apis, AutoCreation autoCreation) {
    GroupHandlers handlers = new GroupHandlers(coordinators.groups());
    apis.serve(
            ApiKeys.FIND_COORDINATOR,
            0,
            6,
            new FindCoordinatorHandler(
                cluster,
                coordinators.groups()::partitionFor,
                coordinators.transactions()::partitionFor,
                autoCreation))
        .serve(ApiKeys.JOIN_GROUP, 0, 9, handlers::join)
        .serve(ApiKeys.SYNC_GROUP, 0, 5, handlers::sync)
        .serve(ApiKeys.HEARTBEAT, 0, 4, handlers::heartbeat)
        .serve(ApiKeys.LEAVE_GROUP, 0, 5, handlers::leave)
        .serve(ApiKeys.OFFSET_COMMIT, 2, 10, handlers::commitOffsets)
        .serve(ApiKeys.OFFSET_FETCH, 1, 10, handlers::fetchOffsets)
        .serve(ApiKeys.DESCRIBE_GROUPS, 0, 6, handlers::describe)
        .serve(ApiKeys.LIST_GROUPS, 0, 5, handlers::list)
        .serve(ApiKeys.DELETE_GROUPS, 0, 3, handlers::delete)
        .serve(ApiKeys.OFFSET_DELETE, 0, 0, handlers::deleteOffsets);
  }

  private void serveTransactions(ApiTable.Builder apis) {
    TransactionHandlers handlers =
        new TransactionHandlers(
            cluster,
            coordinators.transactions(),
            coordinators.groups(),
            coordinators.admission(),
            coordinators.markers());
    apis.serve(ApiKeys.ADD_PARTITIONS_TO_TXN, 0, 5, handlers::addPartitions)
        .serve(ApiKeys.ADD_OFFSETS_TO_TXN, 0, 4, handlers::addOffsets)
        .serve(ApiKeys.TXN_OFFSET_COMMIT, 0, 6, handlers::commitOffsets)
        .serve(ApiKeys.END_TXN, 0, 5, handlers::end)
        .serve(ApiKeys.WRITE_TXN_MARKERS, 1, 2, handlers::writeMarkers)
        .serve(ApiKeys.DESCRIBE_TRANSACTIONS, 0, 0, handlers::describe)
        .serve(ApiKeys.LIST_TRANSACTIONS, 0, 2, handlers::list);
  }

  private DescribeLogDirsHandler logDirs() {
    Tiering tiering = coldTier.tiering();
    Optional<Store> store =
        Optional.ofNullable(tiering.storeAddress())
            .map(address -> new Store(address, replica -> tiering.coldBytes(replica.id())));
    return new DescribeLogDirsHandler(
        replicas::all,
        () -> directories.directories().stream().map(ApiWiring::described).toList(),
        replicas.moves()::underWay,
        store,
        diskReaders);
  }

  private static Directory described(LogDirectory directory) {
    boolean isOnline = directory.isOnline();
    return new Directory(
        directory.path(),
        isOnline,
        isOnline ? directory.totalBytes() : UNKNOWN_BYTES,
        isOnline ? directory.usableBytes() : UNKNOWN_BYTES,
        directory.notLoadedBytes());
  }
}
