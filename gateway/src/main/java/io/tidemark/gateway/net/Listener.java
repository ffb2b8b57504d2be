package io.tidemark.gateway.net;

import java.util.function.Supplier;

/**
 * A place to accept Kafka connections at.
 *
 * @param name the listener's name, upper case
 * @param host interface to bind; empty for all of them
 * @param port 0 for any free one
 * @param security how it is protected
 * @param served what may be asked there, asked for once connections are accepted
 * @param throttles made for each connection
 */
public record Listener(
    String name,
    String host,
    int port,
    ListenerSecurity security,
    Supplier<ServedApis> served,
    Supplier<Throttle> throttles) {

  /** A listener without any protection. */
  public Listener(String name, String host, int port, ServedApis apis) {
    this(name, host, port, ListenerSecurity.NONE, () -> apis, () -> Throttle.NONE);
  }

  ServedApis apis() {
    return served.get();
  }
}
