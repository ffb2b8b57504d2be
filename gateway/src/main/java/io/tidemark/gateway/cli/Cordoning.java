package io.tidemark.gateway.cli;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;

/** Keeps new replicas away from a node, or lets them come again. */
final class Cordoning {
  private static final String ALL = "*";

  private Cordoning() {}

  static void cordon(Admin admin, int nodeId) throws Exception {
    alter(admin, nodeId, ALL, AlterConfigOp.OpType.SET);
  }

  static void uncordon(Admin admin, int nodeId) throws Exception {
    alter(admin, nodeId, "", AlterConfigOp.OpType.DELETE);
  }

  private static void alter(Admin admin, int nodeId, String value, AlterConfigOp.OpType type)
      throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(ClusterState.CORDONED_LOG_DIRS, value), type);
    NodeCommand.await(
        admin
            .incrementalAlterConfigs(Map.of(ClusterState.resource(nodeId), List.of(change)))
            .all());
  }
}
