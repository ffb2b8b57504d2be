package io.tidemark.gateway.config;

import static org.apache.kafka.common.config.TopicConfig.*;

import io.tidemark.log.LogConfig;
import io.tidemark.log.ProduceValidation;
import io.tidemark.log.record.CompressionSpec;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.record.TimestampType;

/** Makes a log's settings of a topic's. */
final class TopicLogConfig {
  private static final long UNLIMITED = -1;

  private TopicLogConfig() {}

  static LogConfig of(TopicValues topic) {
    List<?> policy = topic.list(CLEANUP_POLICY_CONFIG);
    return LogConfig.builder()
        .segmentBytes(topic.integer(SEGMENT_BYTES_CONFIG))
        .segmentMs(topic.number(SEGMENT_MS_CONFIG))
        .segmentJitterMs(topic.number(SEGMENT_JITTER_MS_CONFIG))
        .segmentIndexBytes(topic.integer(SEGMENT_INDEX_BYTES_CONFIG))
        .indexIntervalBytes(topic.integer(INDEX_INTERVAL_BYTES_CONFIG))
        .maxMessageBytes(topic.integer(MAX_MESSAGE_BYTES_CONFIG))
        .flushMessages(topic.number(FLUSH_MESSAGES_INTERVAL_CONFIG))
        .flushMs(topic.number(FLUSH_MS_CONFIG))
        .retentionMs(topic.number(RETENTION_MS_CONFIG))
        .retentionBytes(topic.number(RETENTION_BYTES_CONFIG))
        .localRetentionMs(local(topic, LOCAL_LOG_RETENTION_MS_CONFIG, RETENTION_MS_CONFIG))
        .localRetentionBytes(local(topic, LOCAL_LOG_RETENTION_BYTES_CONFIG, RETENTION_BYTES_CONFIG))
        .compact(policy.contains(CLEANUP_POLICY_COMPACT))
        .delete(policy.contains(CLEANUP_POLICY_DELETE))
        .minCompactionLagMs(topic.number(MIN_COMPACTION_LAG_MS_CONFIG))
        .maxCompactionLagMs(topic.number(MAX_COMPACTION_LAG_MS_CONFIG))
        .minCleanableDirtyRatio(topic.fraction(MIN_CLEANABLE_DIRTY_RATIO_CONFIG))
        .deleteRetentionMs(topic.number(DELETE_RETENTION_MS_CONFIG))
        .messageTimestampType(TimestampType.forName(topic.text(MESSAGE_TIMESTAMP_TYPE_CONFIG)))
        .timestampBeforeMaxMs(topic.number(MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG))
        .timestampAfterMaxMs(topic.number(MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG))
        .compression(compression(topic))
        .fileDeleteDelayMs(topic.number(FILE_DELETE_DELAY_MS_CONFIG))
        .minInsyncReplicas(topic.integer(MIN_IN_SYNC_REPLICAS_CONFIG))
        .uncleanLeaderElection(topic.flag(UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))
        .remoteStorageEnable(topic.flag(REMOTE_LOG_STORAGE_ENABLE_CONFIG))
        .remoteCopyDisable(topic.flag(REMOTE_LOG_COPY_DISABLE_CONFIG))
        .remoteCopyLagMs(topic.number(REMOTE_COPY_LAG_MS_CONFIG))
        .remoteCopyLagBytes(topic.number(REMOTE_COPY_LAG_BYTES_CONFIG))
        .remoteDeleteOnDisable(topic.flag(REMOTE_LOG_DELETE_ON_DISABLE_CONFIG))
        .validation(validation(topic))
        .maxDecompressedBytes(topic.integer(MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG))
        .build();
  }

  /** The node's default of one hour must not outlast a shorter retention of the topic. */
  private static long local(TopicValues topic, String localKey, String wholeKey) {
    long local = topic.number(localKey);
    long whole = topic.number(wholeKey);
    boolean outlasts = whole != UNLIMITED && (local == UNLIMITED || local > whole);
    return outlasts && !topic.isOwn(localKey) ? LogConfig.LIKE_RETENTION : local;
  }

  private static CompressionSpec compression(TopicValues topic) {
    return switch (topic.text(COMPRESSION_TYPE_CONFIG)) {
      case "gzip" -> CompressionSpec.gzip(topic.integer(COMPRESSION_GZIP_LEVEL_CONFIG));
      case "lz4" -> CompressionSpec.lz4(topic.integer(COMPRESSION_LZ4_LEVEL_CONFIG));
      case "zstd" -> CompressionSpec.zstd(topic.integer(COMPRESSION_ZSTD_LEVEL_CONFIG));
      case String other -> CompressionSpec.of(other);
    };
  }

  private static ProduceValidation validation(TopicValues topic) {
    String text = topic.text(TopicDefinition.PRODUCE_VALIDATION_CONFIG);
    return ProduceValidation.valueOf(text.toUpperCase(Locale.ROOT));
  }
}
