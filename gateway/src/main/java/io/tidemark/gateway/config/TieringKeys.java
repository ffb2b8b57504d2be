package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;

/** Settings of the cold tier. */
public final class TieringKeys {
  public static final String STORE = "tiering.store";
  public static final String S3_ENDPOINT = "tiering.s3.endpoint";
  public static final String S3_REGION = "tiering.s3.region";
  public static final String S3_PATH_STYLE_ACCESS = "tiering.s3.path.style.access";
  public static final String S3_ACCESS_KEY_ID = "tiering.s3.access.key.id";
  public static final String S3_SECRET_ACCESS_KEY = "tiering.s3.secret.access.key";
  public static final String UPLOAD_MAX_AGE_MS = "tiering.upload.max.age.ms";
  public static final String UPLOAD_CONCURRENCY = "tiering.upload.concurrency";
  public static final String COPY_MAX_BYTES_PER_SECOND =
      "remote.log.manager.copy.max.bytes.per.second";
  public static final String DELETE_DELAY_MS = "tiering.delete.delay.ms";
  public static final String SWEEP_INTERVAL_MS = "tiering.sweep.interval.ms";
  public static final String FETCH_TIMEOUT_MS = "tiering.fetch.timeout.ms";
  public static final String FETCH_CONCURRENCY = "tiering.fetch.concurrency";
  public static final String CHUNK_CACHE_BYTES = "tiering.chunk.cache.bytes";
  public static final String INDEX_CACHE_BYTES = "remote.log.index.file.cache.total.size.bytes";

  public static final String COMPACTION_CONCURRENCY = "tiering.compaction.concurrency";
  public static final String COMPACTION_DEDUPE_BUFFER_SIZE =
      "tiering.compaction.dedupe.buffer.size";
  public static final String COMPACTION_OBJECT_BYTES = "tiering.compaction.object.bytes";
  public static final String COMPACTION_MERGE_SEGMENTS = "tiering.compaction.merge.segments";
  public static final String COMPACTION_IO_MAX_BYTES_PER_SECOND =
      "tiering.compaction.io.max.bytes.per.second";
  public static final String COMPACTION_BACKOFF_MS = "tiering.compaction.backoff.ms";

  private static final int MIB = 1 << 20;

  /** Ten keys. */
  private static final int FEWEST_DEDUPE_BYTES = 240;

  private TieringKeys() {}

  static void define(ConfigDef definition) {
    defineStore(new SettingsSection(definition, "Object store"));
    defineTransfers(new SettingsSection(definition, "Uploads and cold reads"));
    defineCompaction(new SettingsSection(definition, "Compaction in the store"));
  }

  private static void defineStore(SettingsSection section) {
    section
        .define(
            STORE,
            ConfigDef.Type.STRING,
            "",
            SettingsSection.satisfying(
                value -> value.equals("") || isStoreAddress((String) value),
                "file:///folder or s3://bucket/prefix"),
            "Where closed segments are kept: file:///folder or s3://bucket/prefix. Empty means that"
                + " there is no cold tier.")
        .text(
            S3_ENDPOINT,
            null,
            "Address of an S3-compatible store other than Amazon's, as http://localhost:9000.")
        .text(S3_REGION, null, "Region of the bucket; not set asks the AWS default chain.")
        .flag(
            S3_PATH_STYLE_ACCESS,
            false,
            "Whether the bucket's name is part of the path rather than of the host name, as MinIO"
                + " and its kin need it.")
        .text(
            S3_ACCESS_KEY_ID,
            null,
            "Access key. Not set, together with the secret, asks the AWS default chain.")
        .secret(S3_SECRET_ACCESS_KEY, "Secret of the access key.");
  }

  private static boolean isStoreAddress(String value) {
    return value.startsWith("file:/") || (value.startsWith("s3://") && value.length() > 5);
  }

  private static void defineTransfers(SettingsSection section) {
    section
        .optionalNumber(
            UPLOAD_MAX_AGE_MS,
            1,
            "Milliseconds after its first record at which an open segment is closed and uploaded,"
                + " though it is not full. Not set means an hour where at least 1 MiB waits and a"
                + " day where less does, so that slow topics do not become thousands of tiny"
                + " objects.")
        .integer(UPLOAD_CONCURRENCY, 4, 1, "Segments uploaded at the same time.")
        .number(
            COPY_MAX_BYTES_PER_SECOND,
            Long.MAX_VALUE,
            1,
            "Most bytes a second that uploads may send.")
        .number(
            DELETE_DELAY_MS,
            60_000,
            0,
            "Milliseconds between giving up an object and deleting it from the store, for readers"
                + " that still use it.")
        .number(
            SWEEP_INTERVAL_MS,
            21_600_000,
            1,
            "Milliseconds between two searches of the store for objects that nothing refers to.")
        .number(
            FETCH_TIMEOUT_MS,
            30_000,
            1,
            "Milliseconds of failing reads from the store after which a fetch is told of it.")
        .integer(FETCH_CONCURRENCY, 64, 1, "Reads from the store at the same time.")
        .number(
            CHUNK_CACHE_BYTES,
            256L * MIB,
            MIB,
            "Memory outside the heap, in bytes, for what was read from the store.")
        .number(
            INDEX_CACHE_BYTES,
            64L * MIB,
            MIB,
            "Memory, in bytes, for indexes of segments in the store.");
  }

  private static void defineCompaction(SettingsSection section) {
    section
        .integer(
            COMPACTION_CONCURRENCY,
            1,
            0,
            "Partitions whose objects are compacted, or merged, at the same time; 0 switches both"
                + " off.")
        .number(
            COMPACTION_DEDUPE_BUFFER_SIZE,
            64L * MIB,
            FEWEST_DEDUPE_BYTES,
            "Memory, in bytes, for the keys of partitions being compacted in the store, shared by"
                + " tiering.compaction.concurrency, 24 bytes a key. It is taken while one is"
                + " compacted and only as far as needed; one with more keys takes several passes.")
        .define(
            COMPACTION_OBJECT_BYTES,
            ConfigDef.Type.INT,
            64 * MIB,
            Range.between(1, 1 << 30),
            "Bytes of records in an object that compaction or merging makes. Each of"
                + " tiering.compaction.concurrency takes about twice as much memory.")
        .integer(
            COMPACTION_MERGE_SEGMENTS,
            8,
            2,
            "Small neighbouring objects, at least, that are merged into one.")
        .define(
            COMPACTION_IO_MAX_BYTES_PER_SECOND,
            ConfigDef.Type.DOUBLE,
            Double.MAX_VALUE,
            Range.atLeast(1),
            "Bytes that compaction and merging read from and write to the store a second at most.")
        .number(
            COMPACTION_BACKOFF_MS,
            15_000,
            1,
            "Milliseconds after a compaction in the store that failed, or found nothing to do,"
                + " before the next look.");
  }
}
