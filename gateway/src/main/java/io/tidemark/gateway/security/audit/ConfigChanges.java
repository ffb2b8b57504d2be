package io.tidemark.gateway.security.audit;

import static io.tidemark.gateway.security.audit.Changes.NOTHING;
import static io.tidemark.gateway.security.audit.Changes.answered;
import static io.tidemark.gateway.security.audit.Changes.lower;

import io.tidemark.gateway.security.audit.Changes.Asked;
import io.tidemark.gateway.security.audit.Changes.Changed;
import io.tidemark.gateway.security.audit.Changes.Readers;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Changes of settings: which ones, not to what. */
final class ConfigChanges {
  private ConfigChanges() {}

  static void addTo(Readers readers) {
    readers.add(ApiKeys.ALTER_CONFIGS, AlterConfigsRequestData.class, ConfigChanges::replacement);
    readers.add(
        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
        IncrementalAlterConfigsRequestData.class,
        ConfigChanges::increments);
  }

  /** Whose settings. */
  private record Resource(byte type, String name) {
    Changed changed(Map<Resource, String> details, short errorCode) {
      return Changed.of(
          lower(ConfigResource.Type.forId(type)) + " config",
          name,
          details.getOrDefault(this, ""),
          errorCode);
    }
  }

  private static Asked replacement(AlterConfigsRequestData request) {
    if (request.validateOnly()) {
      return NOTHING;
    }
    Map<Resource, String> details = new HashMap<>();
    request
        .resources()
        .forEach(resource ->
            details.put(
                new Resource(resource.resourceType(), resource.resourceName()),
                resource.configs().stream()
                    .map(config -> config.name())
                    .collect(Collectors.joining(", ", "replace by ", ""))));
    return answered(
        AlterConfigsResponseData.class,
        answer ->
            answer.responses().stream()
                .map(resource ->
                    new Resource(resource.resourceType(), resource.resourceName())
                        .changed(details, resource.errorCode())));
  }

  private static Asked increments(IncrementalAlterConfigsRequestData request) {
    if (request.validateOnly()) {
      return NOTHING;
    }
    Map<Resource, String> details = new HashMap<>();
    request
        .resources()
        .forEach(resource ->
            details.put(
                new Resource(resource.resourceType(), resource.resourceName()),
                resource.configs().stream()
                    .map(config -> operation(config.configOperation()) + " " + config.name())
                    .collect(Collectors.joining(", "))));
    return answered(
        IncrementalAlterConfigsResponseData.class,
        answer ->
            answer.responses().stream()
                .map(resource ->
                    new Resource(resource.resourceType(), resource.resourceName())
                        .changed(details, resource.errorCode())));
  }

  private static String operation(byte id) {
    for (AlterConfigOp.OpType type : AlterConfigOp.OpType.values()) {
      if (type.id() == id) {
        return lower(type);
      }
    }
    return "operation " + id;
  }
}
