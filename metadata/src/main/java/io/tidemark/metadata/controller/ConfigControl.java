package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Decides IncrementalAlterConfigs and the older AlterConfigs: each resource on its own, all its
 * keys or none.
 */
final class ConfigControl {
  private final ConfigPolicy policy;
  private final LeadershipControl leadership;

  ConfigControl(ConfigPolicy policy, LeadershipControl leadership) {
    this.policy = policy;
    this.leadership = leadership;
  }

  Function<ClusterImage, IncrementalAlterConfigsResponseData> alter(
      Draft draft, IncrementalAlterConfigsRequestData request) {
    Draft target = request.validateOnly() ? draft.copy() : draft;
    IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
    Set<ConfigResource> doubled =
        doubled(
            request.resources().stream()
                .map(r -> resource(r.resourceType(), r.resourceName()))
                .toList());
    for (var resource : request.resources()) {
      ConfigResource key = resource(resource.resourceType(), resource.resourceName());
      ApiError error =
          alterOne(target, key, doubled, () -> incremental(target, key, resource.configs()));
      response
          .responses()
          .add(
              new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                  .setResourceType(resource.resourceType())
                  .setResourceName(resource.resourceName())
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null));
    }
    return _ -> response;
  }

  Function<ClusterImage, AlterConfigsResponseData> replace(
      Draft draft, AlterConfigsRequestData request) {
    Draft target = request.validateOnly() ? draft.copy() : draft;
    AlterConfigsResponseData response = new AlterConfigsResponseData();
    Set<ConfigResource> doubled =
        doubled(
            request.resources().stream()
                .map(r -> resource(r.resourceType(), r.resourceName()))
                .toList());
    for (AlterConfigsResource resource : request.resources()) {
      ConfigResource key = resource(resource.resourceType(), resource.resourceName());
      ApiError error = alterOne(target, key, doubled, () -> whole(target, key, resource));
      response
          .responses()
          .add(
              new AlterConfigsResourceResponse()
                  .setResourceType(resource.resourceType())
                  .setResourceName(resource.resourceName())
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null));
    }
    return _ -> response;
  }

  private static ConfigResource resource(byte type, String name) {
    return new ConfigResource(ConfigResource.Type.forId(type), name);
  }

  private static Set<ConfigResource> doubled(List<ConfigResource> resources) {
    Set<ConfigResource> seen = new HashSet<>();
    Set<ConfigResource> doubled = new HashSet<>();
    resources.stream().filter(resource -> !seen.add(resource)).forEach(doubled::add);
    return doubled;
  }

  /** The changes a request asks for: new values by key, null takes the override away. */
  private interface Changes {
    Map<String, @Nullable String> get();
  }

  private ApiError alterOne(
      Draft draft, ConfigResource resource, Set<ConfigResource> doubled, Changes changes) {
    try {
      if (doubled.contains(resource)) {
        throw new InvalidRequestException("Each resource must appear at most once.");
      }
      ConfigResources.check(resource, draft.image());
      apply(draft, resource, changes.get());
      return ApiError.NONE;
    } catch (ApiException e) {
      return ApiError.fromThrowable(e);
    }
  }

  private void apply(Draft draft, ConfigResource resource, Map<String, @Nullable String> asked) {
    Map<String, String> before = draft.image().configs().of(resource);
    Map<String, String> after = new HashMap<>(before);
    asked.forEach((key, value) -> {
      if (value == null) {
        after.remove(key);
      } else {
        after.put(key, value);
      }
    });
    policy.validateChange(resource, before, Collections.unmodifiableMap(after));
    if (!after.equals(before)) {
      draft.add(new Event.ConfigsChanged(resource, Collections.unmodifiableMap(asked)));
      if (asked.containsKey(TopicRules.MIN_INSYNC_REPLICAS)
          || asked.containsKey(TopicRules.UNCLEAN_LEADER_ELECTION)) {
        leadership.reconcile(draft);
      }
    }
  }

  private Map<String, @Nullable String> incremental(
      Draft draft, ConfigResource resource, Iterable<AlterableConfig> configs) {
    Map<String, String> overrides = draft.image().configs().of(resource);
    Map<String, @Nullable String> changes = new HashMap<>();
    for (AlterableConfig config : configs) {
      if (changes.containsKey(config.name())) {
        throw new InvalidRequestException("Error due to duplicate config keys");
      }
      changes.put(config.name(), changed(resource, config, overrides));
    }
    return changes;
  }

  private @Nullable String changed(
      ConfigResource resource, AlterableConfig config, Map<String, String> overrides) {
    OpType operation = operation(config.configOperation());
    if (operation == OpType.DELETE) {
      return null;
    }
    if (config.value() == null) {
      throw new InvalidRequestException("Null value not supported for : " + config.name());
    }
    return switch (operation) {
      case SET -> config.value();
      case APPEND -> joined(resource, config, overrides, true);
      case SUBTRACT -> joined(resource, config, overrides, false);
      case DELETE -> throw new IllegalStateException("DELETE was answered above");
    };
  }

  private static OpType operation(byte id) {
    return switch (id) {
      case 0 -> OpType.SET;
      case 1 -> OpType.DELETE;
      case 2 -> OpType.APPEND;
      case 3 -> OpType.SUBTRACT;
      default -> throw new InvalidRequestException("Unknown config operation " + id);
    };
  }

  private String joined(
      ConfigResource resource,
      AlterableConfig config,
      Map<String, String> overrides,
      boolean append) {
    if (!policy.isList(resource.type(), config.name())) {
      throw new InvalidConfigurationException(
          "Can't %s to key %s because its type is not LIST."
              .formatted(append ? "APPEND" : "SUBTRACT", config.name()));
    }
    String value = overrides.get(config.name());
    if (value == null) {
      value = policy.defaultValue(resource.type(), config.name());
    }
    List<String> parts = new ArrayList<>(parts(value));
    for (String part : parts(config.value())) {
      if (!append) {
        parts.remove(part);
      } else if (!parts.contains(part)) {
        parts.add(part);
      }
    }
    return String.join(",", parts);
  }

  private static List<String> parts(@Nullable String value) {
    return value == null || value.isBlank()
        ? List.of()
        : Arrays.stream(value.split(",", -1)).map(String::strip).toList();
  }

  /** What is not named goes back to its default. */
  private static Map<String, @Nullable String> whole(
      Draft draft, ConfigResource resource, AlterConfigsResource request) {
    Map<String, @Nullable String> changes = new HashMap<>();
    draft.image().configs().of(resource).keySet().forEach(key -> changes.put(key, null));
    Set<String> seen = new HashSet<>();
    request
        .configs()
        .forEach(config -> {
          if (!seen.add(config.name())) {
            throw new InvalidRequestException("Error due to duplicate config keys");
          }
          if (config.value() == null) {
            throw new InvalidRequestException("Null value not supported for : " + config.name());
          }
          changes.put(config.name(), config.value());
        });
    return changes;
  }
}
