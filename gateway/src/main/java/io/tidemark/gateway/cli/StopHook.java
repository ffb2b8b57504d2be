package io.tidemark.gateway.cli;

import io.tidemark.gateway.node.Node;
import io.tidemark.gateway.node.StopWatch;

/**
 * Closes a node once, when the process is told to end or when its owner says so, and then does what
 * is to be done after it. Whoever calls {@link #stop} while another does waits for the end. A
 * process that was told to end does so within ten seconds whatever hangs, see {@link StopWatch}.
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
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(hook::stopProcess));
    return hook;
  }

  private void stopProcess() {
    StopWatch watch = StopWatch.start();
    try {
      stop();
    } finally {
      watch.close();
    }
  }

  synchronized void stop() {
    if (!stopped) {
      stopped = true;
      node.close();
      afterwards.run();
    }
  }
}
