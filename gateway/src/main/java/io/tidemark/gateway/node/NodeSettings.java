package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.AutoCreation.InternalTopic;
import io.tidemark.gateway.config.CleanerKeys;
import io.tidemark.gateway.config.GroupKeys;
import io.tidemark.gateway.config.IdentityKeys;
import io.tidemark.gateway.config.LogKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.QuotaKeys;
import io.tidemark.gateway.config.ReplicationKeys;
import io.tidemark.gateway.config.TieringKeys;
import io.tidemark.gateway.config.TopicDefaultKeys;
import io.tidemark.gateway.config.TransactionKeys;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.QuotaWindows;
import io.tidemark.gateway.replication.FetcherSettings;
import io.tidemark.gateway.transaction.PartitionAdmission;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.log.scrub.ScrubSettings;
import io.tidemark.metadata.controller.ControllerSettings;
import io.tidemark.metadata.controller.LeaderBalanceSettings;
import io.tidemark.metadata.coordinator.group.GroupConfig;
import io.tidemark.metadata.coordinator.transaction.TransactionConfig;
import io.tidemark.tiering.TieringSettings;
import io.tidemark.tiering.compact.CompactionSettings;
import io.tidemark.tiering.read.RemoteReaderSettings;
import io.tidemark.tiering.store.ByteRate;
import io.tidemark.tiering.store.RetryPolicy;
import io.tidemark.tiering.store.S3Settings;
import io.tidemark.tiering.store.StoreLimits;
import io.tidemark.tiering.store.StoreSettings;
import io.tidemark.tiering.upload.UploadAge;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Time;

/** The node's configuration in the words of each part. Pure. */
final class NodeSettings {
  /**
   * What a range may be old on the byte clock and still count as cached: a quarter of the machine's
   * memory.
   */
  private static final int WARM_SHARE = 4;

  private NodeSettings() {}

  static LogDirectorySettings directories(NodeConfig config) {
    return new LogDirectorySettings(
        config.nodeId(),
        config.getLong(LogKeys.MIN_FREE_BYTES),
        config.getLong(LogKeys.OFFSET_CHECKPOINT_INTERVAL_MS),
        config.getLong(LogKeys.PRODUCER_ID_EXPIRATION_MS),
        config.getInt(LogKeys.MAX_PRODUCERS),
        config.getInt(LogKeys.MAX_OPEN_FILES),
        config.getLong(LogKeys.INDEX_CACHE_BYTES),
        foreignFolders(config));
  }

  /** The quorum's folder may lie in a log directory. */
  private static Set<String> foreignFolders(NodeConfig config) {
    Set<String> foreign = new HashSet<>();
    Path quorum = config.metadataLogDir().toAbsolutePath().normalize();
    for (Path directory : config.logDirs()) {
      Path parent = quorum.getParent();
      if (parent != null && parent.equals(directory.toAbsolutePath().normalize())) {
        foreign.add(String.valueOf(quorum.getFileName()));
      }
    }
    return foreign;
  }

  static ClientQuotas quotas(NodeConfig config, Time time, MeterRegistry meters) {
    long nowNs = time.nanoseconds();
    return new ClientQuotas(
        QuotaWindows.ofSeconds(
            config.getInt(QuotaKeys.WINDOW_NUM),
            config.getInt(QuotaKeys.WINDOW_SIZE_SECONDS),
            nowNs),
        QuotaWindows.ofSeconds(
            config.getInt(QuotaKeys.CONTROLLER_WINDOW_NUM),
            config.getInt(QuotaKeys.CONTROLLER_WINDOW_SIZE_SECONDS),
            nowNs),
        time,
        meters);
  }

  static CleanerSettings cleaner(NodeConfig config) {
    return new CleanerSettings(
        config.getBoolean(CleanerKeys.ENABLE),
        config.getInt(CleanerKeys.THREADS),
        config.getLong(CleanerKeys.DEDUPE_BUFFER_SIZE),
        config.getDouble(CleanerKeys.IO_BUFFER_LOAD_FACTOR),
        config.getDouble(CleanerKeys.IO_MAX_BYTES_PER_SECOND),
        config.getLong(CleanerKeys.BACKOFF_MS));
  }

  static ScrubSettings scrub(NodeConfig config) {
    return new ScrubSettings(
        config.getBoolean(LogKeys.SCRUB_ENABLE),
        config.getLong(LogKeys.SCRUB_INTERVAL_MS),
        config.getLong(LogKeys.SCRUB_MAX_BYTES_PER_SECOND));
  }

  static ReplicaSettings replicas(NodeConfig config, long machineMemoryBytes) {
    return new ReplicaSettings(
        config.nodeId(),
        config.getLong(ReplicationKeys.REPLICA_LAG_TIME_MAX_MS),
        config.getLong(LogKeys.STALL_MS),
        config.getLong(LogKeys.TAIL_CACHE_BYTES),
        machineMemoryBytes / WARM_SHARE);
  }

  static FetcherSettings fetchers(NodeConfig config) {
    return new FetcherSettings(
        config.nodeId(),
        config.getInt(ReplicationKeys.NUM_REPLICA_FETCHERS),
        config.getInt(ReplicationKeys.REPLICA_FETCH_MAX_BYTES),
        config.getInt(ReplicationKeys.REPLICA_FETCH_RESPONSE_MAX_BYTES),
        config.getInt(ReplicationKeys.REPLICA_FETCH_MIN_BYTES),
        config.getInt(ReplicationKeys.REPLICA_FETCH_WAIT_MAX_MS),
        config.getInt(ReplicationKeys.REPLICA_FETCH_BACKOFF_MS),
        config.getInt(ReplicationKeys.REPLICA_SOCKET_TIMEOUT_MS));
  }

  static ControllerSettings controller(NodeConfig config) {
    ControllerSettings defaults = ControllerSettings.DEFAULTS;
    return new ControllerSettings(
        config.getInt(TopicDefaultKeys.NUM_PARTITIONS),
        (short) config.getInt(TopicDefaultKeys.DEFAULT_REPLICATION_FACTOR),
        config.getInt(TopicDefaultKeys.MIN_INSYNC_REPLICAS),
        config.getBoolean(TopicDefaultKeys.UNCLEAN_LEADER_ELECTION_ENABLE),
        config.getLong(IdentityKeys.BROKER_SESSION_TIMEOUT_MS),
        leaderBalance(config),
        defaults.maxPartitionsPerTopic(),
        defaults.maxPartitionsPerRequest(),
        defaults.maxQueued());
  }

  private static LeaderBalanceSettings leaderBalance(NodeConfig config) {
    return new LeaderBalanceSettings(
        config.getBoolean(ReplicationKeys.AUTO_LEADER_REBALANCE_ENABLE),
        TimeUnit.SECONDS.toMillis(
            config.getLong(ReplicationKeys.LEADER_IMBALANCE_CHECK_INTERVAL_SECONDS)),
        config.getInt(ReplicationKeys.LEADER_IMBALANCE_PER_BROKER_PERCENTAGE));
  }

  static GroupConfig groups(NodeConfig config) {
    return new GroupConfig(
        config.getInt(GroupKeys.GROUP_MIN_SESSION_TIMEOUT_MS),
        config.getInt(GroupKeys.GROUP_MAX_SESSION_TIMEOUT_MS),
        config.getInt(GroupKeys.GROUP_INITIAL_REBALANCE_DELAY_MS),
        config.getInt(GroupKeys.GROUP_MAX_SIZE),
        config.getInt(GroupKeys.OFFSET_METADATA_MAX_BYTES),
        TimeUnit.MINUTES.toMillis(config.getLong(GroupKeys.OFFSETS_RETENTION_MINUTES)),
        config.getLong(GroupKeys.OFFSETS_RETENTION_CHECK_INTERVAL_MS),
        GroupConfig.DEFAULTS.commitTimeoutMs());
  }

  static TransactionConfig transactions(NodeConfig config) {
    return new TransactionConfig(
        config.getInt(TransactionKeys.MAX_TIMEOUT_MS),
        config.getInt(TransactionKeys.ID_EXPIRATION_MS),
        config.getInt(TransactionKeys.TIMEOUT_CHECK_INTERVAL_MS),
        config.getInt(TransactionKeys.EXPIRY_CHECK_INTERVAL_MS),
        TransactionConfig.DEFAULTS.commitTimeoutMs());
  }

  static PartitionAdmission.Patience admissionPatience(NodeConfig config) {
    return new PartitionAdmission.Patience(
        config.getInt(TransactionKeys.ADD_PARTITIONS_RETRY_BACKOFF_MS),
        config.getInt(TransactionKeys.ADD_PARTITIONS_RETRY_BACKOFF_MAX_MS));
  }

  static InternalTopic offsetsTopic(NodeConfig config) {
    return new InternalTopic(
        Topic.GROUP_METADATA_TOPIC_NAME,
        config.getInt(GroupKeys.OFFSETS_TOPIC_NUM_PARTITIONS),
        (short) config.getInt(GroupKeys.OFFSETS_TOPIC_REPLICATION_FACTOR),
        config.getInt(GroupKeys.OFFSETS_TOPIC_SEGMENT_BYTES),
        OptionalInt.empty());
  }

  static InternalTopic transactionTopic(NodeConfig config) {
    return new InternalTopic(
        Topic.TRANSACTION_STATE_TOPIC_NAME,
        config.getInt(TransactionKeys.STATE_LOG_NUM_PARTITIONS),
        (short) config.getInt(TransactionKeys.STATE_LOG_REPLICATION_FACTOR),
        config.getInt(TransactionKeys.STATE_LOG_SEGMENT_BYTES),
        OptionalInt.of(config.getInt(TransactionKeys.STATE_LOG_MIN_ISR)));
  }

  static TieringSettings tiering(NodeConfig config) {
    TieringSettings defaults = TieringSettings.DEFAULTS;
    return new TieringSettings(
        config.getInt(TieringKeys.UPLOAD_CONCURRENCY),
        uploadAge(config),
        config.getLong(TieringKeys.DELETE_DELAY_MS),
        config.getLong(LogKeys.RETENTION_CHECK_INTERVAL_MS),
        config.getLong(TieringKeys.SWEEP_INTERVAL_MS),
        defaults.staleUploadAgeMs(),
        defaults.tickMs(),
        defaults.quorumTimeoutMs(),
        defaults.retry(),
        coldCompaction(config));
  }

  private static CompactionSettings coldCompaction(NodeConfig config) {
    return new CompactionSettings(
        config.getInt(TieringKeys.COMPACTION_CONCURRENCY),
        config.getLong(TieringKeys.COMPACTION_DEDUPE_BUFFER_SIZE),
        config.getInt(TieringKeys.COMPACTION_OBJECT_BYTES),
        config.getInt(TieringKeys.COMPACTION_MERGE_SEGMENTS),
        config.getDouble(TieringKeys.COMPACTION_IO_MAX_BYTES_PER_SECOND),
        config.getLong(TieringKeys.COMPACTION_BACKOFF_MS));
  }

  /** Where nobody set an age it depends on how much waits. */
  private static UploadAge uploadAge(NodeConfig config) {
    return config.isSet(TieringKeys.UPLOAD_MAX_AGE_MS)
        ? UploadAge.of(config.getLong(TieringKeys.UPLOAD_MAX_AGE_MS))
        : UploadAge.BY_SIZE;
  }

  static RemoteReaderSettings remoteReads(NodeConfig config) {
    RemoteReaderSettings defaults = RemoteReaderSettings.DEFAULTS;
    return new RemoteReaderSettings(
        defaults.chunkBytes(),
        Math.max(
            config.getLong(TieringKeys.CHUNK_CACHE_BYTES),
            (long) RemoteReaderSettings.MIN_CHUNKS * defaults.chunkBytes()),
        config.getLong(TieringKeys.INDEX_CACHE_BYTES),
        config.getInt(TieringKeys.FETCH_CONCURRENCY),
        Math.min(
            defaults.concurrentDownloadsPerReader(), config.getInt(TieringKeys.FETCH_CONCURRENCY)),
        defaults.readAheadBytesPerReader());
  }

  static StoreSettings store(NodeConfig config, String location) {
    long writeRate = config.getLong(TieringKeys.COPY_MAX_BYTES_PER_SECOND);
    StoreLimits limits =
        new StoreLimits(
            config.getInt(TieringKeys.FETCH_CONCURRENCY),
            StoreLimits.DEFAULTS.concurrentWrites(),
            ByteRate.UNLIMITED,
            writeRate == Long.MAX_VALUE ? ByteRate.UNLIMITED : writeRate);
    return StoreSettings.of(location)
        .withS3(s3(config))
        .withLimits(limits)
        .withRetries(retries(config));
  }

  private static RetryPolicy retries(NodeConfig config) {
    RetryPolicy defaults = RetryPolicy.DEFAULTS;
    return new RetryPolicy(
        defaults.firstBackoffMs(),
        defaults.maxBackoffMs(),
        config.getLong(TieringKeys.FETCH_TIMEOUT_MS),
        defaults.writeDeadlineMs(),
        defaults.budget());
  }

  private static S3Settings s3(NodeConfig config) {
    S3Settings settings =
        S3Settings.DEFAULTS.withPathStyle(config.getBoolean(TieringKeys.S3_PATH_STYLE_ACCESS));
    if (config.isSet(TieringKeys.S3_ENDPOINT)) {
      settings = settings.withEndpoint(URI.create(config.getString(TieringKeys.S3_ENDPOINT)));
    }
    if (config.isSet(TieringKeys.S3_REGION)) {
      settings = settings.withRegion(config.getString(TieringKeys.S3_REGION));
    }
    if (config.isSet(TieringKeys.S3_ACCESS_KEY_ID)) {
      settings =
          settings.withCredentials(
              config.getString(TieringKeys.S3_ACCESS_KEY_ID),
              config.getString(TieringKeys.S3_SECRET_ACCESS_KEY));
    }
    return settings;
  }
}
