package io.tidemark.bench.cases;

import io.tidemark.bench.load.CheapReadLoad;
import io.tidemark.bench.load.Filling;
import io.tidemark.bench.load.JavaReadLoad;
import io.tidemark.bench.load.Topics;
import io.tidemark.bench.measure.Load;
import io.tidemark.bench.server.ColdTier;
import io.tidemark.bench.server.Server;
import io.tidemark.bench.server.ServerSettings;
import java.util.Map;

/** Fills a topic and opens what reads it. */
final class ReadCases {
  private static final String TOPIC = "read";

  private ReadCases() {}

  /** Everything on the local disk and in the page cache, just written. */
  static Load hotByJava(Server server, int partitions, long bytes) throws Exception {
    return new JavaReadLoad(server.bootstrap(), TOPIC, fillHot(server, partitions, bytes));
  }

  static Load hot(Server server, int partitions, long bytes) throws Exception {
    fillHot(server, partitions, bytes);
    return new CheapReadLoad(server.bootstrap(), TOPIC, partitions);
  }

  /** Everything in the store alone. */
  static Load coldByJava(Server server, int partitions, long bytes) throws Exception {
    return new JavaReadLoad(server.bootstrap(), TOPIC, fillCold(server, partitions, bytes));
  }

  static Load cold(Server server, int partitions, long bytes) throws Exception {
    fillCold(server, partitions, bytes);
    return new CheapReadLoad(server.bootstrap(), TOPIC, partitions);
  }

  /** Lets what is in the store leave the local disk within seconds. */
  static ServerSettings settings(ColdTier coldTier) {
    return ServerSettings.of(coldTier).with("log.retention.check.interval.ms", "1000");
  }

  private static Map<Integer, Long> fillHot(Server server, int partitions, long bytes)
      throws Exception {
    try (Topics topics = new Topics(server.bootstrap())) {
      return new Filling(topics, server.bootstrap()).hot(TOPIC, partitions, bytes);
    }
  }

  private static Map<Integer, Long> fillCold(Server server, int partitions, long bytes)
      throws Exception {
    try (Topics topics = new Topics(server.bootstrap())) {
      return new Filling(topics, server.bootstrap()).cold(TOPIC, partitions, bytes);
    }
  }
}
