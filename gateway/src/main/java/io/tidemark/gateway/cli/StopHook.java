package io.tidemark.gateway.cli;

import io.tidemark.gateway.node.Node;

/**
 * Closes a node once, when the process is told to end or when its owner says so, and then does what
 * is to be done after it. Whoever calls {@link #stop} while another does waits for the end.
 */
final class StopHook {
  private final Node node;
  private final Runnable afterwards;
  private boolean stopped;

  private StopHook(Node node, Runnable afterwards) {
    this.node = node;
    this.afterwards = afterwards;
  }

  static StopHook install(Node node, Runnable afterwards) {
    StopHook hook = new StopHook(node, afterwards);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(hook::stop));
    return hook;
  }

  synchronized void stop() {
    if (!stopped) {
      stopped = true;
      node.close();
      afterwards.run();
    }
  }
}
