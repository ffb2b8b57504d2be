package io.tidemark.gateway.net;

import java.util.function.Supplier;

/**
 * A place to accept Kafka connections at.
 *
 * @param name the listener's name, upper case
 * @param host interface to bind; empty for all of them
 * @param port 0 for any free one
 * @param served what may be asked there, asked for once connections are accepted
 */
public record Listener(String name, String host, int port, Supplier<ServedApis> served) {

  public Listener(String name, String host, int port, ServedApis apis) {
    this(name, host, port, () -> apis);
  }

  ServedApis apis() {
    return served.get();
  }
}
