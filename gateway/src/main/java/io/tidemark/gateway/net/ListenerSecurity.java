package io.tidemark.gateway.net;

import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.gateway.security.auth.Door;
import io.tidemark.gateway.security.tls.TlsEngines;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a listener is protected.
 *
 * @param tls what it encrypts with; null where it does not
 * @param handshakes runs the costly steps of TLS handshakes, off the event loops
 * @param door who may come in
 * @param authoriser what those may do who are in
 * @param maxBytesBefore largest request of a client that nobody knows yet
 * @param timeoutMs how long a client may remain unknown
 * @param failureDelayMs how long a failed authentication waits for its answer
 */
public record ListenerSecurity(
    @Nullable TlsEngines tls,
    Executor handshakes,
    Door door,
    Authoriser authoriser,
    int maxBytesBefore,
    long timeoutMs,
    long failureDelayMs) {

  /** No encryption, and everybody may come in. */
  public static final ListenerSecurity NONE =
      new ListenerSecurity(
          null, Runnable::run, Door.OPEN, Authoriser.NONE, Integer.MAX_VALUE, Long.MAX_VALUE, 0);

  private static final long CLOSE_NOTIFY_MS = 500;

  boolean isEncrypted() {
    return tls != null;
  }

  /** A handler that encrypts one connection; null where nothing is encrypted. */
  @Nullable TlsHandler newTlsHandler() {
    if (tls == null) {
      return null;
    }
    TlsHandler handler = new TlsHandler(tls.newEngine(), handshakes);
    handler.setHandshakeTimeoutMillis(timeoutMs);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MS);
    return handler;
  }
}
