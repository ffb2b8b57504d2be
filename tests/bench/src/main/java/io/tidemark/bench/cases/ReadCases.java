package io.tidemark.bench.cases;

import io.tidemark.bench.load.CheapReadLoad;
import io.tidemark.bench.load.Filling;
import io.tidemark.bench.load.JavaReadLoad;
import io.tidemark.bench.load.Topics;
import io.tidemark.bench.measure.Load;
import io.tidemark.bench.server.ColdTier;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Servers;
import java.util.Map;

/** Fills a topic and opens what reads it. */
final class ReadCases {
  private static final String TOPIC = "read";

  private ReadCases() {}

  /** Everything on the local disk and in the page cache, just written. */
  static Load hotByJava(Servers servers, int partitions, long bytes) throws Exception {
    return new JavaReadLoad(servers.plain(), TOPIC, fillHot(servers, partitions, bytes));
  }

  /** The same, read over TLS; it was written in plain text. */
  static Load hotByJavaEncrypted(Servers servers, int partitions, long bytes) throws Exception {
    return new JavaReadLoad(servers.encrypted(), TOPIC, fillHot(servers, partitions, bytes));
  }

  static Load hot(Servers servers, int partitions, long bytes) throws Exception {
    fillHot(servers, partitions, bytes);
    return new CheapReadLoad(servers.bootstrap(), TOPIC, partitions);
  }

  /** Everything in the store alone. */
  static Load coldByJava(Servers servers, int partitions, long bytes) throws Exception {
    return new JavaReadLoad(servers.plain(), TOPIC, fillCold(servers, partitions, bytes));
  }

  static Load cold(Servers servers, int partitions, long bytes) throws Exception {
    fillCold(servers, partitions, bytes);
    return new CheapReadLoad(servers.bootstrap(), TOPIC, partitions);
  }

  /** Lets what is in the store leave the local disk within seconds. */
  static ServerSettings settings(ColdTier coldTier) {
    return ServerSettings.of(coldTier).with("log.retention.check.interval.ms", "1000");
  }

  private static Map<Integer, Long> fillHot(Servers servers, int partitions, long bytes)
      throws Exception {
    try (Topics topics = new Topics(servers.bootstrap())) {
      return new Filling(topics, servers.bootstrap()).hot(TOPIC, partitions, bytes);
    }
  }

  private static Map<Integer, Long> fillCold(Servers servers, int partitions, long bytes)
      throws Exception {
    try (Topics topics = new Topics(servers.bootstrap())) {
      return new Filling(topics, servers.bootstrap()).cold(TOPIC, partitions, bytes);
    }
  }
}
