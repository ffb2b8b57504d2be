package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.security.auth.Login;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * Connections that begin with a login, of which those who use them notice nothing: one is open when
 * that is done. Before the session ends it logs in again, with nothing under way (KIP-368).
 *
 * <pre>
 *   connecting ── opened ──▶ logging in ── done ──▶ open: frames out, frames in
 *                                ▲                    │ its time is nearly over
 *                                └─ the last answer ──┤
 *                                   frames out wait ◀─┘
 * </pre>
 *
 * Each frame that goes out has to have one answer. A login that fails ends the connection. Logins
 * are worked out by the executor; frames pass on the threads they come on.
 */
public final class LoggedInTransport implements PeerTransport {
  private static final short HANDSHAKE_VERSION = 1;
  private static final short AUTHENTICATE_VERSION = 2;

  private final PeerTransport transport;
  private final String clientId;
  private final Login login;
  private final ScheduledExecutorService executor;

  /**
   * @param transport closed with this
   * @param clientId what the other side sees in the requests of logins
   * @param executor runs one task at a time, and their timers
   */
  public LoggedInTransport(
      PeerTransport transport, String clientId, Login login, ScheduledExecutorService executor) {
    this.transport = transport;
    this.clientId = clientId;
    this.login = login;
    this.executor = executor;
  }

  @Override
  public void connect(HostPort address, Listener listener) {
    transport.connect(address, new Session(listener));
  }

  @Override
  public void knock(HostPort address, Listener listener) {
    transport.knock(address, listener);
  }

  @Override
  public void close() {
    transport.close();
  }

  /** One connection. */
  private final class Session implements Listener, Wire {
    private final Listener user;

    // The login under way, the executor's.
    private @Nullable LoginDialogue dialogue;
    private @Nullable PeerCall asked;
    private int nextCorrelationId;

    // All below is guarded by this; the user is told under the lock, so that it hears in order.
    private final Deque<ByteBuffer> held = new ArrayDeque<>();
    private @Nullable Wire wire;
    private int unanswered;
    private int logins;
    private boolean isLoggingIn = true;
    private boolean mustLogInAgain;
    private boolean wasOpen;
    private boolean hasEnded;

    /** Why it was not taken for what it says; null while that is not so. */
    private @Nullable String distrust;

    Session(Listener user) {
      this.user = user;
    }

    @Override
    public synchronized void opened(Wire opened) {
      wire = opened;
      beginLogin();
    }

    /** Begins one. Called with the lock held. */
    private void beginLogin() {
      isLoggingIn = true;
      mustLogInAgain = false;
      logins++;
      int own = logins;
      inTurn(this::logIn);
      schedule(() -> endUnlessDone(own), ConnectedPeer.CONNECT_MS);
    }

    private void logIn() {
      try {
        LoginDialogue begun = new LoginDialogue(login);
        dialogue = begun;
        ask(begun.first());
      } catch (SaslAuthenticationException e) {
        distrusts(String.valueOf(e.getMessage()));
      }
    }

    private void ask(PeerCall call) {
      asked = call;
      boolean isFirst = call.request() instanceof SaslHandshakeRequestData;
      short version = isFirst ? HANDSHAKE_VERSION : AUTHENTICATE_VERSION;
      transmit(call.encode(version, nextCorrelationId++, clientId));
    }

    private synchronized void transmit(ByteBuffer frame) {
      Wire open = wire;
      if (open != null && !hasEnded) {
        open.send(frame);
      }
    }

    @Override
    public synchronized void received(ByteBuffer frame) {
      if (isLoggingIn) {
        inTurn(() -> goOn(frame));
        return;
      }
      unanswered--;
      user.received(frame);
      maybeLogInAgain();
    }

    private void goOn(ByteBuffer frame) {
      PeerCall call = Objects.requireNonNull(asked, "an answer before anything was asked");
      LoginDialogue current = Objects.requireNonNull(dialogue);
      try {
        AbstractResponse answer = call.decode(frame);
        current.next(answer).ifPresentOrElse(this::ask, () -> loggedIn(current.lifetimeMs()));
      } catch (SaslAuthenticationException e) {
        distrusts(String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        distrusts("it answered a login with nonsense: " + e);
      }
    }

    private synchronized void loggedIn(long lifetimeMs) {
      if (hasEnded) {
        return;
      }
      isLoggingIn = false;
      if (lifetimeMs != LoginDialogue.FOR_EVER) {
        schedule(this::logInAgain, lifetimeMs - lifetimeMs / 4);
      }
      if (!wasOpen) {
        wasOpen = true;
        user.opened(this);
      }
      while (!held.isEmpty()) {
        unanswered++;
        transmit(held.remove());
      }
    }

    private synchronized void logInAgain() {
      mustLogInAgain = !hasEnded;
      maybeLogInAgain();
    }

    /** Called with the lock held. */
    private void maybeLogInAgain() {
      if (mustLogInAgain && unanswered == 0) {
        beginLogin();
      }
    }

    private synchronized void endUnlessDone(int own) {
      if (isLoggingIn && logins == own) {
        close();
      }
    }

    private synchronized void distrusts(String why) {
      distrust = why;
      close();
    }

    @Override
    public synchronized void send(ByteBuffer frame) {
      if (isLoggingIn || mustLogInAgain) {
        held.add(frame);
      } else {
        unanswered++;
        transmit(frame);
      }
    }

    @Override
    public synchronized void close() {
      Wire open = wire;
      if (open != null) {
        open.close();
      }
    }

    @Override
    public synchronized void refused(String why) {
      hasEnded = true;
      user.refused(why);
    }

    @Override
    public synchronized void distrusted(String why) {
      hasEnded = true;
      user.distrusted(why);
    }

    @Override
    public synchronized void closed(String why) {
      hasEnded = true;
      String known = distrust;
      if (known != null) {
        user.distrusted(known);
      } else if (isLoggingIn && wire != null) {
        user.closed("it ended during the login: " + why);
      } else {
        user.closed(why);
      }
    }

    private void schedule(Runnable task, long delayMs) {
      try {
        var _ = executor.schedule(task, delayMs, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // the node stops
      }
    }

    private void inTurn(Runnable task) {
      try {
        executor.execute(task);
      } catch (RejectedExecutionException e) {
        // the node stops
      }
    }
  }
}
