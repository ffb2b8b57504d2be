package io.tidemark.gateway.security.auth;

import java.net.InetAddress;

/** A listener's way of finding out who connects; safe from any thread. */
@FunctionalInterface
public interface Door {

  /** Lets everybody in, as nobody. */
  Door OPEN = client -> OpenAuthentication.INSTANCE;

  Authentication open(InetAddress client);
}
