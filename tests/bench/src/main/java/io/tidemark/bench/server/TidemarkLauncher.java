package io.tidemark.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tidemark through {@code bin/tidemark}, so with its own flags and start-up cache, and with as much
 * heap as Kafka's start script gives Kafka. What it starts was built before.
 *
 * @param checkout the folder that holds {@code bin/tidemark}
 */
public record TidemarkLauncher(Path checkout, Side side) implements Launcher {
  private static final String HEAP = "1g";

  @Override
  public Server launch(ServerHome home, ServerSettings settings)
      throws IOException, InterruptedException {
    if (settings.isEncrypted()) {
      home.keys().make();
    }
    List<String> command = new ArrayList<>();
    command.add(checkout.resolve("bin/tidemark").toString());
    command.add("server");
    settings(home, settings)
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Map<String, String> environment =
        Map.of(
            "TIDEMARK_NO_BUILD",
            "1",
            "TIDEMARK_HEAP",
            HEAP,
            "JAVA_HOME",
            System.getProperty("java.home"));
    return ServerProcess.start(side, home, command, environment, settings.expectedPartitions());
  }

  private static Map<String, String> settings(ServerHome home, ServerSettings settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("node.id", Integer.toString(home.nodeId()));
    all.put("listeners", listeners(home));
    if (settings.isEncrypted()) {
      all.put("listeners", listeners(home) + ",SSL://" + home.encryptedAddress());
      all.putAll(home.keys().ofServer());
    }
    all.put("tidemark.http.listener", "127.0.0.1:" + home.ports().http());
    all.put("controller.quorum.voters", home.quorum().voters());
    all.put("controller.listener.names", "CONTROLLER");
    all.put("log.dirs", home.data().toString());
    switch (settings.coldTier()) {
      case ColdTier.None() -> {}
      case ColdTier.Directory() -> all.put("tiering.store", home.store().toUri().toString());
      case ColdTier.S3 bucket -> {
        all.put("tiering.store", "s3://" + bucket.bucket() + "/bench");
        all.put("tiering.s3.endpoint", bucket.endpoint().toString());
        all.put("tiering.s3.region", "us-east-1");
        all.put("tiering.s3.path.style.access", "true");
        all.put("tiering.s3.access.key.id", bucket.accessKeyId());
        all.put("tiering.s3.secret.access.key", bucket.secretAccessKey());
      }
    }
    all.putAll(settings.extra());
    return all;
  }

  private static String listeners(ServerHome home) {
    return "PLAINTEXT://%s,CONTROLLER://127.0.0.1:%d"
        .formatted(home.bootstrap(), home.ports().controller());
  }
}
