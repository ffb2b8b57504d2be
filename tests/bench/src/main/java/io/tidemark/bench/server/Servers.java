package io.tidemark.bench.server;

import java.util.List;

/** What a load is put on: a server alone, or a cluster. Closed by who started it. */
public interface Servers extends AutoCloseable {
  /** Addresses for clients, {@code host:port,…}. */
  String bootstrap();

  /** The same, in plain text. */
  default Endpoint plain() {
    return Endpoint.plain(bootstrap());
  }

  /** Over TLS, where the settings have it. */
  Endpoint encrypted();

  /** The processes that run now. */
  List<Long> pids();

  /** Kills what still runs, each by its own pid. */
  @Override
  void close();
}
