package io.tidemark.gateway.node;

import io.tidemark.gateway.api.AutoCreation;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.metadata.controller.ControllerSettings;
import io.tidemark.metadata.coordinator.group.GroupConfig;
import io.tidemark.tiering.TieringSettings;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;

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
        config.getLong("tidemark.log.dir.min.free.bytes"),
        config.getLong("log.flush.offset.checkpoint.interval.ms"),
        config.getLong("producer.id.expiration.ms"),
        config.getInt("tidemark.log.max.open.files"),
        config.getLong("tidemark.log.index.cache.bytes"),
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

  static ReplicaSettings replicas(NodeConfig config, long machineMemoryBytes) {
    return new ReplicaSettings(
        config.nodeId(),
        config.getLong("replica.lag.time.max.ms"),
        config.getLong("tidemark.log.dir.stall.ms"),
        config.getLong("tidemark.log.tail.cache.bytes"),
        machineMemoryBytes / WARM_SHARE);
  }

  static ControllerSettings controller(NodeConfig config) {
    ControllerSettings defaults = ControllerSettings.DEFAULTS;
    return new ControllerSettings(
        config.getInt("num.partitions"),
        (short) config.getInt("default.replication.factor"),
        config.getInt("min.insync.replicas"),
        config.getBoolean("unclean.leader.election.enable"),
        config.getLong("broker.session.timeout.ms"),
        defaults.maxPartitionsPerTopic(),
        defaults.maxPartitionsPerRequest(),
        defaults.maxQueued());
  }

  static GroupConfig groups(NodeConfig config) {
    return new GroupConfig(
        config.getInt("group.min.session.timeout.ms"),
        config.getInt("group.max.session.timeout.ms"),
        config.getInt("group.initial.rebalance.delay.ms"),
        config.getInt("group.max.size"),
        config.getInt("offset.metadata.max.bytes"),
        TimeUnit.MINUTES.toMillis(config.getLong("offsets.retention.minutes")),
        config.getLong("offsets.retention.check.interval.ms"),
        GroupConfig.DEFAULTS.commitTimeoutMs());
  }

  static AutoCreation.OffsetsTopic offsetsTopic(NodeConfig config) {
    return new AutoCreation.OffsetsTopic(
        config.getInt("offsets.topic.num.partitions"),
        (short) config.getInt("offsets.topic.replication.factor"),
        config.getInt("offsets.topic.segment.bytes"));
  }

  static TieringSettings tiering(NodeConfig config) {
    TieringSettings defaults = TieringSettings.DEFAULTS;
    return new TieringSettings(
        config.getInt("tiering.upload.concurrency"),
        uploadAge(config),
        config.getLong("tiering.delete.delay.ms"),
        config.getLong("log.retention.check.interval.ms"),
        config.getLong("tiering.sweep.interval.ms"),
        defaults.staleUploadAgeMs(),
        defaults.tickMs(),
        defaults.quorumTimeoutMs(),
        defaults.retry());
  }

  /** Where nobody set an age it depends on how much waits. */
  private static UploadAge uploadAge(NodeConfig config) {
    return config.isSet("tiering.upload.max.age.ms")
        ? UploadAge.of(config.getLong("tiering.upload.max.age.ms"))
        : UploadAge.BY_SIZE;
  }

  static RemoteReaderSettings remoteReads(NodeConfig config) {
    RemoteReaderSettings defaults = RemoteReaderSettings.DEFAULTS;
    return new RemoteReaderSettings(
        defaults.chunkBytes(),
        Math.max(
            config.getLong("tiering.chunk.cache.bytes"),
            (long) RemoteReaderSettings.MIN_CHUNKS * defaults.chunkBytes()),
        config.getLong("remote.log.index.file.cache.total.size.bytes"),
        config.getInt("tiering.fetch.concurrency"),
        Math.min(
            defaults.concurrentDownloadsPerReader(), config.getInt("tiering.fetch.concurrency")),
        defaults.readAheadBytesPerReader());
  }

  static StoreSettings store(NodeConfig config, String location) {
    long writeRate = config.getLong("remote.log.manager.copy.max.bytes.per.second");
    StoreLimits limits =
        new StoreLimits(
            config.getInt("tiering.fetch.concurrency"),
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
        config.getLong("tiering.fetch.timeout.ms"),
        defaults.writeDeadlineMs(),
        defaults.budget());
  }

  private static S3Settings s3(NodeConfig config) {
    S3Settings settings =
        S3Settings.DEFAULTS.withPathStyle(config.getBoolean("tiering.s3.path.style.access"));
    if (config.isSet("tiering.s3.endpoint")) {
      settings = settings.withEndpoint(URI.create(config.getString("tiering.s3.endpoint")));
    }
    if (config.isSet("tiering.s3.region")) {
      settings = settings.withRegion(config.getString("tiering.s3.region"));
    }
    if (config.isSet("tiering.s3.access.key.id")) {
      settings =
          settings.withCredentials(
              config.getString("tiering.s3.access.key.id"),
              config.getString("tiering.s3.secret.access.key"));
    }
    return settings;
  }
}
