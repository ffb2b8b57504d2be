package io.tidemark.tests.process;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.apache.kafka.common.utils.Time;

/**
 * The main class of a process with a node whose object store fails at random, for {@link
 * NodeProcess}: {@code SEED --set key=value …}. Ends by SIGKILL only.
 */
final class FaultyStoreNode {
  private FaultyStoreNode() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Random random = new Random(Long.parseLong(arguments[0]));
    NodeFixture node = new NodeFixture(Path.of("."));
    for (int i = 2; i < arguments.length; i += 2) {
      String[] setting = arguments[i].split("=", 2);
      node.with(setting[0], setting[1]);
    }
    node.aroundStore(real ->
            new FaultyObjectStore(real, random, Time.SYSTEM)
                .with(Fault.ERROR, 0.05)
                .with(Fault.LOST_ANSWER, 0.05)
                .with(Fault.THROTTLED, 0.03)
                .with(Fault.TRUNCATED, 0.02)
                .with(Fault.FLIPPED, 0.02)
                .with(Fault.SLOW, 0.02))
        .start();
    System.out.println("tidemark ready: a node with a store that fails");
    // A node's own threads are daemons.
    Thread.currentThread().join();
  }
}
