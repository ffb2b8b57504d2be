package io.tidemark.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a test cluster's nodes. What differs from a server's saves waiting (no delay
 * before a group's first assignment, quick elections), files (few partitions for groups and
 * transactions) and refusals (any free space will do); semantics stay.
 */
final class NodeDefaults {
  private static final int REPLICAS = 3;

  private NodeDefaults() {}

  /** Settings of each node, the first with id 1. */
  static List<Map<String, String>> of(ClusterPlan plan, Path folder) throws IOException {
    String voters = plan.nodes() == 1 ? "" : voters(plan.nodes());
    List<Map<String, String>> all = new ArrayList<>();
    for (int id = 1; id <= plan.nodes(); id++) {
      Map<String, String> settings = common(plan, folder);
      settings.put("node.id", Integer.toString(id));
      settings.put("log.dirs", folder.resolve("node-" + id).toString());
      if (!voters.isEmpty()) {
        settings.put("controller.quorum.voters", voters);
        settings.put("listeners", LocalNode.LISTENER + ",CONTROLLER://127.0.0.1:0");
        settings.put("controller.listener.names", "CONTROLLER");
      }
      settings.putAll(plan.properties());
      all.add(settings);
    }
    return all;
  }

  /** Voters have to know each other's ports before they start. */
  private static String voters(int nodes) throws IOException {
    List<String> voters = new ArrayList<>();
    for (int id = 1; id <= nodes; id++) {
      voters.add(id + "@127.0.0.1:" + FreePorts.next());
    }
    return String.join(",", voters);
  }

  private static Map<String, String> common(ClusterPlan plan, Path folder) {
    String replicas = plan.nodes() < REPLICAS ? "1" : Integer.toString(REPLICAS);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listeners", LocalNode.LISTENER);
    settings.put("tidemark.http.listener", "127.0.0.1:0");
    settings.put("num.network.threads", "2");
    settings.put("default.replication.factor", replicas);
    settings.put("min.insync.replicas", plan.nodes() < REPLICAS ? "1" : "2");
    settings.put("offsets.topic.replication.factor", replicas);
    settings.put("offsets.topic.num.partitions", "3");
    settings.put("transaction.state.log.replication.factor", replicas);
    settings.put("transaction.state.log.num.partitions", "3");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("broker.heartbeat.interval.ms", "100");
    settings.put("tidemark.log.dir.min.free.bytes", "0");
    if (plan.hasStore()) {
      settings.put("tiering.store", folder.resolve("store").toUri().toString());
    }
    return settings;
  }
}
