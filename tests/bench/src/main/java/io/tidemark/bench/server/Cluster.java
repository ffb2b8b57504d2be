package io.tidemark.bench.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Servers of one kind that form a cluster, with ids from 1. Used by one thread; closing it kills
 * those that still run.
 */
public final class Cluster implements Servers {
  private final Launcher launcher;
  private final ServerSettings settings;
  private final Map<Integer, ServerHome> homes = new TreeMap<>();
  private final Map<Integer, Server> running = new TreeMap<>();

  private Cluster(Launcher launcher, ServerSettings settings) {
    this.launcher = launcher;
    this.settings = settings;
  }

  /** Starts all servers at once and waits until each of them serves and knows the others. */
  public static Cluster launch(Launcher launcher, List<ServerHome> homes, ServerSettings settings)
      throws IOException, InterruptedException {
    Cluster cluster = new Cluster(launcher, settings);
    homes.forEach(home -> cluster.homes.put(home.nodeId(), home));
    try {
      cluster.startAll();
      return cluster;
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
  }

  private void startAll() throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Server>> starts = new ArrayList<>();
      homes.values().forEach(home -> starts.add(threads.submit(() -> launch(home))));
      List<ExecutionException> failures = new ArrayList<>();
      for (Future<Server> start : starts) {
        try {
          Server server = start.get();
          running.put(server.home().nodeId(), server);
        } catch (ExecutionException e) {
          failures.add(e);
        }
      }
      if (!failures.isEmpty()) {
        throw new IOException("a server of the cluster did not start", failures.getFirst());
      }
    }
  }

  private Server launch(ServerHome home) throws IOException, InterruptedException {
    return launcher.launch(home, settings);
  }

  @Override
  public Endpoint encrypted() {
    throw new UnsupportedOperationException("no case encrypts what a cluster is sent");
  }

  /** Where clients find the cluster, whichever server is away. */
  @Override
  public String bootstrap() {
    return homes.values().stream().map(ServerHome::bootstrap).collect(Collectors.joining(","));
  }

  public List<Integer> nodeIds() {
    return List.copyOf(homes.keySet());
  }

  @Override
  public List<Long> pids() {
    return running.values().stream().map(Server::pid).toList();
  }

  /** SIGKILL, and waits until nothing is left of the process. */
  public void kill(int nodeId) {
    remove(nodeId).close();
  }

  /** SIGTERM, and waits until the process has ended in order. */
  public void stop(int nodeId) throws InterruptedException {
    remove(nodeId).stop();
  }

  /** Starts a server again that was killed or stopped, and waits until it serves. */
  public void start(int nodeId) throws IOException, InterruptedException {
    ServerHome home = homes.get(nodeId);
    if (home == null || running.containsKey(nodeId)) {
      throw new IllegalArgumentException("server " + nodeId + " is not one that is stopped");
    }
    running.put(nodeId, launch(home));
  }

  private Server remove(int nodeId) {
    Server server = running.remove(nodeId);
    if (server == null) {
      throw new IllegalArgumentException("server " + nodeId + " does not run");
    }
    return server;
  }

  @Override
  public void close() {
    running.values().forEach(Server::close);
    running.clear();
  }
}
