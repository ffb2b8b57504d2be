package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.NodeConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node's listeners without sockets: what each of them serves, and from when on, is as in a
 * process. Connections are made by who carries their frames.
 */
public final class MemoryListeners {
  private final List<Endpoint> advertised;
  private final Set<String> controllerListeners;
  private final ScheduledExecutorService loop;
  private final LateApis clientApis = new LateApis();
  private final LateApis nodeApis = new LateApis();
  private boolean servesControllers;
  private boolean servesClients;

  public MemoryListeners(NodeConfig config, NodePorts ports) {
    advertised =
        Stream.concat(
                config.advertisedListeners().stream(),
                config.advertisedControllerListeners().stream())
            .toList();
    controllerListeners =
        config.controllerListeners().stream().map(Endpoint::name).collect(Collectors.toSet());
    loop = ports.thread("loop");
  }

  /** All of them, with the names under which they are served. */
  public List<Endpoint> endpoints() {
    return advertised;
  }

  void openControllers(ApiTable apis) {
    nodeApis.serve(apis);
    servesControllers = true;
  }

  void openClients(ApiTable apis) {
    clientApis.serve(apis);
    servesClients = true;
  }

  /** Takes a connection; empty where the listener is not open yet. */
  public Optional<MemoryConnection> accept(String listener, MemoryConnection.Client client) {
    boolean isController = controllerListeners.contains(listener);
    if (!(isController ? servesControllers : servesClients)) {
      return Optional.empty();
    }
    LateApis apis = isController ? nodeApis : clientApis;
    return Optional.of(new MemoryConnection(listener, apis, loop, client));
  }
}
