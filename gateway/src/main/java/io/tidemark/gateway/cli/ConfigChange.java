package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Settings to set and to reset on one resource, sent as one incremental change. */
record ConfigChange(List<String> set, List<String> unset) {

  /**
   * Applies the change.
   *
   * @throws CommandFailure when there is nothing to change
   */
  void apply(Admin admin, ConfigResource resource) throws Exception {
    Collection<AlterConfigOp> operations = new ArrayList<>();
    KeyValues.parse("--set", set)
        .forEach((key, value) ->
            operations.add(new AlterConfigOp(new ConfigEntry(key, value), OpType.SET)));
    unset.forEach(
        key -> operations.add(new AlterConfigOp(new ConfigEntry(key, ""), OpType.DELETE)));
    if (operations.isEmpty()) {
      throw CommandFailure.usage("nothing to change: give --set key=value or --unset key");
    }
    NodeCommand.await(admin.incrementalAlterConfigs(Map.of(resource, operations)).all());
  }
}
