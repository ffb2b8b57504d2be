package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.security.auth.Login;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer over one connection at a time.
 *
 * <pre>
 *            send                 opened             versions known
 *   idle ──────────► connecting ─────────► greeting ───────────────► ready ──► requests, answers
 *    ▲                   │ closed              │ closed     │         ▲ │ closed, or no answer in time
 *    │   back-off over   ▼                     ▼            ▼ a login │ │
 *    ├──────────────── backing off ◄───────────┴──────── logging in ◄─┘ │ its time is nearly over
 *    └──────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * Requests that come before it is ready wait for it; while it backs off they are refused at once,
 * so that the caller can ask somebody else. An answer that does not come in time ends the
 * connection, for those behind it would wait as well. All state is the executor's, which runs one
 * task at a time.
 */
final class ConnectedPeer implements Peer {
  private static final Logger log = LoggerFactory.getLogger(ConnectedPeer.class);

  /** Requests that wait or are under way, all together. */
  static final int MAX_UNANSWERED = 256;

  static final long CONNECT_MS = 5_000;
  private static final long MIN_BACKOFF_MS = 50;
  private static final long MAX_BACKOFF_MS = 1_000;

  private final HostPort address;
  private final String clientId;
  private final PeerTransport transport;
  private final ScheduledExecutorService executor;
  private final RandomGenerator random;
  private final @Nullable Login login;

  private final Deque<PeerCall> waiting = new ArrayDeque<>();
  private final Map<Integer, PeerCall> underWay = new LinkedHashMap<>();
  private @Nullable Session session;
  private int nextCorrelationId;
  private int failedInARow;
  private boolean isBackingOff;
  private boolean isClosed;

  /** Why there was no trust when it was last tried; empty when there was. */
  private String distrust = "";

  ConnectedPeer(
      HostPort address,
      String clientId,
      PeerTransport transport,
      ScheduledExecutorService executor,
      RandomGenerator random,
      @Nullable Login login) {
    this.address = address;
    this.clientId = clientId;
    this.transport = transport;
    this.executor = executor;
    this.random = random;
    this.login = login;
  }

  @Override
  public CompletableFuture<AbstractResponse> send(ApiKeys key, ApiMessage request, long timeoutMs) {
    PeerCall call = new PeerCall(key, request);
    try {
      executor.execute(() -> begin(call, timeoutMs));
    } catch (RejectedExecutionException e) {
      call.failed(notSent("this node stops"));
    }
    return call.answer;
  }

  private void begin(PeerCall call, long timeoutMs) {
    if (isClosed) {
      call.failed(notSent("this node stops"));
    } else if (isBackingOff) {
      call.failed(notSent("it did not answer a moment ago"));
    } else if (waiting.size() + underWay.size() >= MAX_UNANSWERED) {
      call.failed(notSent("%d requests are under way already".formatted(MAX_UNANSWERED)));
    } else {
      call.timesOutBy(
          executor.schedule(() -> timedOut(call, timeoutMs), timeoutMs, TimeUnit.MILLISECONDS));
      waiting.add(call);
      sendWaiting();
    }
  }

  private BrokerNotAvailableException notSent(String why) {
    return new BrokerNotAvailableException("Nothing was sent to %s: %s".formatted(address, why));
  }

  private void sendWaiting() {
    Session current = session;
    if (current == null) {
      session = new Session();
      session.connect();
    } else if (current.isReady()) {
      while (!waiting.isEmpty() && !current.mustLogInAgain) {
        current.send(waiting.remove());
      }
      current.maybeLogInAgain();
    }
  }

  private void timedOut(PeerCall call, long timeoutMs) {
    if (waiting.remove(call)) {
      call.failed(notSent("no connection within %d ms".formatted(timeoutMs)));
      return;
    }
    underWay.values().remove(call);
    call.failed(
        new TimeoutException(
            "%s did not answer %s within %d ms".formatted(address, call.key, timeoutMs)));
    end("an answer did not come in time");
  }

  /** Somebody must see to it: trying again does not help. */
  private void warnOnce(String why) {
    if (!why.equals(distrust)) {
      distrust = why;
      log.warn("{} and this node do not trust each other: {}", address, why);
    }
  }

  /** Ends the connection there is. */
  private void end(String why) {
    Session current = session;
    if (current != null) {
      current.close();
      lost(current, why);
    }
  }

  private void lost(Session which, String why) {
    if (session != which) {
      return;
    }
    session = null;
    if (which.wasReady) {
      failedInARow = 0;
    } else {
      backOff();
    }
    List<PeerCall> unsent = List.copyOf(waiting);
    List<PeerCall> unanswered = new ArrayList<>(underWay.values());
    waiting.clear();
    underWay.clear();
    unsent.forEach(call -> call.failed(notSent(why)));
    unanswered.forEach(call ->
        call.failed(
            new DisconnectException(
                "The connection to %s ended before its answer: %s".formatted(address, why))));
  }

  private void backOff() {
    long mostMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS << Math.min(failedInARow, 10));
    failedInARow++;
    isBackingOff = true;
    var _ =
        executor.schedule(
            () -> isBackingOff = false,
            mostMs / 2 + random.nextLong(mostMs / 2 + 1),
            TimeUnit.MILLISECONDS);
  }

  /** Fails what is under way and takes nothing more. */
  void close() {
    try {
      executor.execute(() -> {
        isClosed = true;
        end("this node stops");
      });
    } catch (RejectedExecutionException e) {
      // its thread has ended, and with it all that was under way
    }
  }

  /** One connection, from its beginning to its end. */
  private final class Session implements PeerTransport.Listener {
    private PeerTransport.@Nullable Wire wire;
    private @Nullable PeerVersions versions;
    private @Nullable LoginDialogue dialogue;
    private boolean wasReady;
    private boolean mustLogInAgain;

    void connect() {
      endUnlessReadyInTime(null);
      transport.connect(address, this);
    }

    /** The greeting and each login have this time for themselves. */
    private void endUnlessReadyInTime(@Nullable LoginDialogue during) {
      var _ =
          executor.schedule(
              () -> {
                if (session == this && !isReady() && dialogue == during) {
                  end("it was not ready within %d ms".formatted(CONNECT_MS));
                }
              },
              CONNECT_MS,
              TimeUnit.MILLISECONDS);
    }

    boolean isReady() {
      return versions != null && dialogue == null;
    }

    void close() {
      PeerTransport.Wire open = wire;
      if (open != null) {
        open.close();
      }
    }

    @Override
    public void opened(PeerTransport.Wire opened) {
      inTurn(() -> {
        wire = opened;
        if (session == this) {
          send(PeerVersions.QUESTION, PeerVersions.greeting());
        } else {
          opened.close();
        }
      });
    }

    @Override
    public void received(ByteBuffer frame) {
      inTurn(() -> {
        if (session == this) {
          receive(frame);
        }
      });
    }

    @Override
    public void closed(String why) {
      inTurn(() -> lost(this, why));
    }

    @Override
    public void distrusted(String why) {
      inTurn(() -> {
        if (session == this) {
          warnOnce(why);
          lost(this, why);
        }
      });
    }

    private void inTurn(Runnable task) {
      try {
        executor.execute(task);
      } catch (RejectedExecutionException e) {
        // its thread has ended: the node stops
      }
    }

    void send(PeerCall call) {
      PeerVersions known = versions;
      try {
        if (known != null) {
          send(known.versionOf(call.key), call);
        }
      } catch (RuntimeException e) {
        call.failed(e);
      }
    }

    private void send(short version, PeerCall call) {
      int correlationId = nextCorrelationId++;
      ByteBuffer frame = call.encode(version, correlationId, clientId);
      PeerTransport.Wire open = wire;
      if (open != null) {
        underWay.put(correlationId, call);
        open.send(frame);
      }
    }

    private void receive(ByteBuffer frame) {
      PeerCall call = underWay.remove(PeerCall.correlationId(frame));
      if (call == null) {
        end("it answered what nobody asked");
        return;
      }
      AbstractResponse response;
      try {
        response = call.decode(frame);
      } catch (RuntimeException e) {
        call.failed(new DisconnectException("%s answered nonsense: %s".formatted(address, e)));
        end("it answered nonsense");
        return;
      }
      call.answered(response);
      LoginDialogue current = dialogue;
      if (versions == null) {
        greeted(response);
      } else if (current != null && current.asked(call)) {
        goOn(current, response);
      } else if (mustLogInAgain) {
        maybeLogInAgain();
      }
    }

    private void greeted(AbstractResponse response) {
      try {
        versions = PeerVersions.of(response);
      } catch (RuntimeException e) {
        end(String.valueOf(e.getMessage()));
        return;
      }
      if (login == null) {
        ready();
      } else {
        logIn(login);
      }
    }

    private void ready() {
      wasReady = true;
      failedInARow = 0;
      distrust = "";
      sendWaiting();
    }

    private void logIn(Login as) {
      try {
        LoginDialogue begun = new LoginDialogue(as);
        dialogue = begun;
        endUnlessReadyInTime(begun);
        send(begun.first());
      } catch (SaslAuthenticationException e) {
        distrusts(e);
      }
    }

    private void goOn(LoginDialogue current, AbstractResponse answer) {
      try {
        current.next(answer).ifPresentOrElse(this::send, () -> loggedIn(current.lifetimeMs()));
      } catch (SaslAuthenticationException e) {
        distrusts(e);
      }
    }

    private void distrusts(SaslAuthenticationException failure) {
      wasReady = false;
      warnOnce(String.valueOf(failure.getMessage()));
      end(String.valueOf(failure.getMessage()));
    }

    private void loggedIn(long lifetimeMs) {
      dialogue = null;
      if (lifetimeMs != LoginDialogue.FOR_EVER) {
        var _ =
            executor.schedule(this::logInAgain, lifetimeMs - lifetimeMs / 4, TimeUnit.MILLISECONDS);
      }
      ready();
    }

    /** No request may be on its way during a login (KIP-368), so those that come wait for it. */
    private void logInAgain() {
      if (session == this) {
        mustLogInAgain = true;
        maybeLogInAgain();
      }
    }

    void maybeLogInAgain() {
      if (mustLogInAgain && underWay.isEmpty() && login != null) {
        mustLogInAgain = false;
        logIn(login);
      }
    }
  }
}
