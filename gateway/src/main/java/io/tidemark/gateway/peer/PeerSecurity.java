package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.security.auth.Login;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * How connections to other nodes are protected. Safe from any thread.
 *
 * @param engines what a connection encrypts with; null where none does
 * @param login what a connection begins with; null where that is nothing
 */
public record PeerSecurity(@Nullable Function<HostPort, SSLEngine> engines, @Nullable Login login) {

  /** Plain text, and nobody says who it is. */
  public static final PeerSecurity NONE = new PeerSecurity(null, null);
}
