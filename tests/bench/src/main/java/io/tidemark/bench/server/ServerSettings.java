package io.tidemark.bench.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What both servers are told in the same words; everything else is each one's default.
 *
 * @param extra further settings by Kafka's names
 * @param expectedPartitions partitions that must be served before the server counts as ready, in
 *     topics named {@link ReadyProbe#TOPIC_PREFIX}…
 * @param isEncrypted whether there is a TLS listener beside the one in plain text
 */
public record ServerSettings(
    ColdTier coldTier, Map<String, String> extra, int expectedPartitions, boolean isEncrypted) {
  /** Files of deleted topics leave soon, so that a run of many passes fits on the disk. */
  private static final Map<String, String> COMMON =
      Map.of("log.segment.delete.delay.ms", "1000", "auto.create.topics.enable", "false");

  public static final ServerSettings HOT_ONLY = of(new ColdTier.None());

  /** For three nodes: everything is on all of them and acknowledged by two at least. */
  public static final ServerSettings REPLICATED =
      HOT_ONLY
          .with("default.replication.factor", "3")
          .with("min.insync.replicas", "2")
          .with("offsets.topic.replication.factor", "3")
          .with("transaction.state.log.replication.factor", "3")
          .with("transaction.state.log.min.isr", "2");

  public static ServerSettings of(ColdTier coldTier) {
    return new ServerSettings(coldTier, COMMON, 0, false);
  }

  public ServerSettings with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(extra);
    more.put(key, value);
    return new ServerSettings(coldTier, more, expectedPartitions, isEncrypted);
  }

  /** Ready means that this many partitions are served. */
  public ServerSettings expecting(int partitions) {
    return new ServerSettings(coldTier, extra, partitions, isEncrypted);
  }

  /** With a TLS listener beside the one in plain text; see {@link Servers#encrypted}. */
  public ServerSettings encrypted() {
    return new ServerSettings(coldTier, extra, expectedPartitions, true);
  }
}
