package io.tidemark.gateway.http;

import io.netty.handler.ssl.SslHandler;
import io.tidemark.gateway.security.tls.TlsEngines;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How the HTTP port is protected.
 *
 * @param tls what it encrypts with; null for plain text
 * @param handshakes runs the costly steps of handshakes, off the event loops
 * @param access who may ask for what
 */
public record HttpSecurity(@Nullable TlsEngines tls, Executor handshakes, HttpAccess access) {
  /** Plain text, and everybody may ask for everything. */
  public static final HttpSecurity NONE = new HttpSecurity(null, Runnable::run, HttpAccess.OPEN);

  /** A handler that encrypts one connection; null where nothing is encrypted. */
  @Nullable SslHandler newTlsHandler() {
    return tls == null ? null : new SslHandler(tls.newEngine(), handshakes);
  }
}
