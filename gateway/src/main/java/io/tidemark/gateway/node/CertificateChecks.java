package io.tidemark.gateway.node;

import io.tidemark.gateway.api.OwnSettings;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.NodeConfigs;
import io.tidemark.gateway.config.NodeOverrides;
import io.tidemark.metadata.image.ClusterImage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Certificates can be judged only where they are used: on this node, before anybody hears. */
final class CertificateChecks implements OwnSettings {
  private final NodeConfig config;
  private final SecurityWiring security;
  private final Supplier<ClusterImage> image;

  CertificateChecks(NodeConfig config, SecurityWiring security, Supplier<ClusterImage> image) {
    this.config = config;
    this.security = security;
    this.image = image;
  }

  @Override
  public void check(String node, Map<String, @Nullable String> changes) {
    if (changes.keySet().stream().noneMatch(NodeConfigs::isCertificate)) {
      return;
    }
    if (!node.equals(Integer.toString(config.nodeId()))) {
      throw new InvalidRequestException(
          "Certificates are a node's own: ask node %s itself, this is node %d"
              .formatted(node, config.nodeId()));
    }
    ClusterImage now = image.get();
    Map<String, String> own = new HashMap<>(now.configs().ofNode(config.nodeId()));
    changes.forEach((key, value) -> {
      if (value == null) {
        own.remove(key);
      } else {
        own.put(key, value);
      }
    });
    try {
      security.check(config.with(new NodeOverrides(own, now.configs().ofAllNodes())));
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage());
    }
  }
}
