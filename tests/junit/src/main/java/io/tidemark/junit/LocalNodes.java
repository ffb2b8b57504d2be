package io.tidemark.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The nodes of a cluster, started and stopped all at once, for none is ready before a majority
 * runs. Used by one thread at a time.
 */
final class LocalNodes {
  private static final long PATIENCE_SECONDS = 60;

  private final List<LocalNode> nodes;

  LocalNodes(ClusterPlan plan, Path folder) throws IOException {
    List<LocalNode> all = new ArrayList<>();
    for (Map<String, String> settings : NodeDefaults.of(plan, folder)) {
      all.add(new LocalNode(all.size() + 1, settings));
    }
    nodes = List.copyOf(all);
  }

  /** Starts every node; those that came up are stopped again where one does not. */
  void start() throws IOException {
    try {
      atOnce(nodes, LocalNode::start);
    } catch (IOException | RuntimeException e) {
      stop();
      throw e;
    }
  }

  void stop() throws IOException {
    atOnce(running(), LocalNode::stop);
  }

  List<LocalNode> running() {
    return nodes.stream().filter(LocalNode::isRunning).toList();
  }

  List<Integer> ids() {
    return nodes.stream().map(LocalNode::id).toList();
  }

  LocalNode node(int id) {
    if (id < 1 || id > nodes.size()) {
      throw new IllegalArgumentException("the nodes are %s, there is no %d".formatted(ids(), id));
    }
    return nodes.get(id - 1);
  }

  /** What is done to one node. */
  private interface Step {
    void on(LocalNode node) throws IOException;
  }

  /** Nothing interrupts a thread that may be writing files; one that hangs is left behind. */
  private static void atOnce(List<LocalNode> nodes, Step step) throws IOException {
    if (nodes.size() == 1) {
      step.on(nodes.getFirst());
      return;
    }
    List<FutureTask<LocalNode>> tasks = new ArrayList<>();
    for (LocalNode node : nodes) {
      FutureTask<LocalNode> task =
          new FutureTask<>(() -> {
            step.on(node);
            return node;
          });
      tasks.add(task);
      Thread.ofPlatform().daemon().name("tidemark-node-" + node.id()).start(task);
    }
    for (FutureTask<LocalNode> task : tasks) {
      await(task);
    }
  }

  private static void await(FutureTask<LocalNode> task) throws IOException {
    try {
      var _ = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while nodes start or stop", e);
    } catch (TimeoutException e) {
      throw new IOException(
          "a node neither started nor stopped within %d s".formatted(PATIENCE_SECONDS), e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }
}
