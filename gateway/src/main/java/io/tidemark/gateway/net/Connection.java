package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tidemark.gateway.net.ConnectionState.Closed;
import io.tidemark.gateway.net.ConnectionState.Closing;
import io.tidemark.gateway.net.ConnectionState.Draining;
import io.tidemark.gateway.net.ConnectionState.InputEnded;
import io.tidemark.gateway.net.ConnectionState.Rejected;
import io.tidemark.gateway.net.ConnectionState.Serving;
import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: decides when requests are taken up and when it ends, hands requests in
 * order to the {@link RequestHandler}, and has their answers written in the same order. What a
 * frame means is {@link RequestIntake}'s matter, how answers leave {@link ClientChannel}'s.
 *
 * <p>Only Produce overlaps: at most 16 unanswered requests of 8 MiB together, each taken up once
 * the one before has its appends queued. Every other request waits until all earlier ones are
 * answered, and nothing is taken up while the client leaves answers unread. What may not be taken
 * up is not read either, so a client that sends on is held back by TCP.
 *
 * <p>Used by its event loop alone but for {@link #wake}, {@link #memoryReleased} and the methods of
 * {@link ClientConnection}. Gives back all memory when the channel closes.
 */
final class Connection implements ClientConnection, FrameBudget.Waiter {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private final ServerContext server;
  private final Listener listener;
  private final ConnectionLoop connections;
  private final FrameDecoder decoder;
  private final ConnectionAddress address;
  private final Unanswered unanswered = new Unanswered();
  private final AtomicBoolean isReady = new AtomicBoolean();
  private final CloseActions closeActions = new CloseActions();
  private final ConnectionClock clock;
  private final ClientChannel channel;
  private final ClientIdentity identity;
  private final RequestIntake intake;
  private final Throttle throttle;
  private final Mute mute;

  private ConnectionState state = new Serving();
  private CloseReason closeReason = CloseReason.CLIENT;
  private boolean isTurning; // inside turn(), which sees every answer given meanwhile
  private boolean awaitsMemory;
  private boolean awaitsBarrier; // the next frame is whole, but may not overlap
  private volatile boolean memoryIsBack; // because the budget says so from any thread

  /** The next in {@link ConnectionLoop}'s list of ready connections, which alone uses it. */
  @Nullable Connection nextReady;

  Connection(
      ServerContext server,
      Listener listener,
      ConnectionLoop connections,
      ConnectionAddress address) {
    this.server = server;
    this.listener = listener;
    this.connections = connections;
    this.address = address;
    this.decoder =
        new FrameDecoder(
            server.requestMaxBytes(),
            server.budget(),
            this,
            connections.landing(),
            server.allocator());
    this.clock = new ConnectionClock(server.time());
    this.channel = new ClientChannel(server, listener.security(), clock);
    this.identity = new ClientIdentity(listener.security(), address.client(), decoder, server);
    this.intake = new RequestIntake(this, listener.apis(), identity, channel, clock);
    this.throttle = listener.throttles().get();
    this.mute = new Mute(server.time(), connections.loop(), this::serve);
  }

  FrameDecoder decoder() {
    return decoder;
  }

  // ---- what the channel meets -----------------------------------------------------------------

  void opened(ChannelHandlerContext channelContext) {
    channel.opened(channelContext);
    connections.add(this);
  }

  /** Takes over bytes that have arrived; the caller flushes. */
  void received(ByteBuf bytes) {
    if (!state.takesRequests()) {
      bytes.release();
      return;
    }
    clock.received();
    decoder.received(bytes);
    turn();
  }

  /** TLS is agreed on; requests may come. */
  void encrypted(SSLSession session) {
    identity.encrypted(session);
  }

  /** The client did not speak TLS, or not as it must here, or hung up before it was agreed on. */
  void notEncrypted(Throwable cause, boolean hasHeard) {
    TlsFailure.reason(cause, hasHeard, listener.name())
        .ifPresentOrElse(
            why -> {
              identity.notEncrypted(why);
              closeNow(CloseReason.AUTHENTICATION, why);
            },
            this::lost);
  }

  /** The client will send nothing more. */
  void inputEnded() {
    channel.inputEnded();
    if (state instanceof Serving) {
      state = new InputEnded();
      serve();
    }
  }

  /** The network or the client gave the connection up. */
  void lost() {
    closeNow(CloseReason.CLIENT, null);
  }

  void failed(Throwable cause) {
    log.error("Connection {} failed", address.id(), cause);
    closeNow(CloseReason.ERROR, null);
  }

  // ---- turns ----------------------------------------------------------------------------------

  /** A turn outside the channel's own reading. */
  void serve() {
    turn();
    flush();
  }

  /** Writes what is answered and takes up what may be, until neither is possible. */
  private void turn() {
    if (isTurning || state instanceof Closed) {
      return;
    }
    isTurning = true;
    try {
      boolean hadMemoryBack = noticeMemory();
      boolean tookRequest = false;
      do {
        writeAnswers();
      } while (takeNext() && (tookRequest = true));
      decoder.park();
      if (hadMemoryBack) {
        decoder.wakeNext();
      }
      clock.turned(decoder.isInFrame(), tookRequest);
    } finally {
      isTurning = false;
    }
    endWhenIdle();
    steerReading();
  }

  private boolean noticeMemory() {
    if (!memoryIsBack) {
      return false;
    }
    memoryIsBack = false;
    awaitsMemory = false;
    return true;
  }

  private void endWhenIdle() {
    if (!state.endsWhenIdle() || !unanswered.isEmpty()) {
      return;
    }
    if (state instanceof Draining) {
      closeAfterWrites(CloseReason.SHUTDOWN, null);
    } else if (!mute.isOn() && !awaitsMemory && channel.isWritable()) {
      // else a whole request may be waiting still
      closeAfterWrites(CloseReason.CLIENT, null);
    }
  }

  /** Reads on only when what arrives can be used. */
  private void steerReading() {
    boolean isStuck =
        mute.isOn() || awaitsMemory || ((awaitsBarrier || isHeldBack()) && decoder.isInFrame());
    if (!(state instanceof Closed)) {
      channel.read(state instanceof Serving && !isStuck);
    }
  }

  // ---- requests -------------------------------------------------------------------------------

  private boolean takeNext() {
    if (!state.takesRequests() || mute.isOn() || awaitsMemory || isHeldBack()) {
      return false;
    }
    try {
      return switch (decoder.advance()) {
        case NEEDS_BYTES -> false;
        case NEEDS_MEMORY -> {
          awaitsMemory = true;
          yield false;
        }
        case FRAME -> takeUnlessBarrier();
      };
    } catch (InvalidFrameException e) {
      closeNow(CloseReason.INVALID_REQUEST, e.getMessage());
      return false;
    }
  }

  /** Whether nothing at all may be taken up now. */
  private boolean isHeldBack() {
    return !unanswered.letsProducePass() || !channel.isWritable();
  }

  private boolean takeUnlessBarrier() {
    boolean overlaps = decoder.overlaps();
    awaitsBarrier = !unanswered.isEmpty() && !overlaps;
    if (awaitsBarrier) {
      return false;
    }
    intake.take(decoder.take(), overlaps);
    return true;
  }

  /** Hands a request to the handler; its answer has its place in the order from here on. */
  void handle(Exchange exchange) {
    owes(exchange);
    try {
      if (throttle.isOn()) {
        long startNs = server.time().nanoseconds();
        server.handler().handle(exchange, exchange);
        exchange.busy(server.time().nanoseconds() - startNs);
      } else {
        server.handler().handle(exchange, exchange);
      }
    } catch (RuntimeException | Error e) { // whatever it is, it must not reach other clients
      log.error("Connection {}: {} was not handled", address.id(), exchange.header(), e);
      closeNow(CloseReason.ERROR, null);
    }
  }

  /** It is answered in its turn. */
  void owes(Exchange exchange) {
    unanswered.add(exchange);
  }

  /** Whoever guesses is kept waiting for the answer. */
  void reject(String why, Runnable answer) {
    state = new Rejected();
    var _ =
        connections
            .loop()
            .schedule(
                () -> {
                  answer.run();
                  serve();
                  closeAfterWrites(CloseReason.AUTHENTICATION, why);
                },
                listener.security().failureDelayMs(),
                TimeUnit.MILLISECONDS);
  }

  // ---- answers --------------------------------------------------------------------------------

  private void writeAnswers() {
    Exchange answered = unanswered.takeAnswered();
    while (answered != null) {
      awaitsBarrier = false;
      write(answered);
      answered = unanswered.takeAnswered();
    }
  }

  private void write(Exchange exchange) {
    switch (exchange.answer()) {
      case null -> throw new IllegalStateException("taken before it was answered");
      case Answer.Body(ApiMessage message) -> {
        int muteMs = charge(exchange, message);
        write(exchange, message);
        mute(muteMs);
      }
      case Answer.Nothing nothing -> {
        channel.skip(exchange);
        mute(charge(exchange, null));
      }
      case Answer.Close close -> closeAfterWrites(CloseReason.HANDLER, close.why());
      case Answer.Discarded discarded -> {}
    }
  }

  private void write(Exchange exchange, ApiMessage body) {
    if (state instanceof Closing || state instanceof Closed) {
      ResponseSlices.release(body);
      return;
    }
    try {
      channel.write(exchange, body);
    } catch (RuntimeException e) {
      log.error("Connection {}: no answer to {}", address.id(), exchange.header(), e);
      closeNow(CloseReason.ERROR, null);
    }
  }

  private int charge(Exchange exchange, @Nullable ApiMessage answer) {
    return throttle.isOn() ? throttle.charge(exchange, answer, exchange.busyNs()) : 0;
  }

  /** The client is answered first, and then not heard for a while. */
  private void mute(int silenceMs) {
    if (silenceMs > 0 && !(state instanceof Closed)) {
      mute.begin(silenceMs);
    }
  }

  void flush() {
    channel.flush();
  }

  /** An answer is there or the next Produce may pass. Any thread. */
  void wake() {
    if (!(connections.loop().inEventLoop() && isTurning)) {
      connections.ready(this);
    }
  }

  @Override
  public void memoryReleased() {
    memoryIsBack = true;
    connections.ready(this);
  }

  boolean markReady() {
    return isReady.compareAndSet(false, true);
  }

  void clearReady() {
    isReady.set(false);
  }

  // ---- the end --------------------------------------------------------------------------------

  /** Whether the client has kept us waiting for too long. */
  boolean isOverdue() {
    return overdue() != null;
  }

  private @Nullable CloseReason overdue() {
    if (identity.isOverdue(server.time().nanoseconds())) {
      return CloseReason.AUTHENTICATION;
    }
    return clock.verdict(
        server.patience(),
        channel.pending(),
        !unanswered.isEmpty(),
        channel.isReading(),
        decoder.arrivedBytes());
  }

  void closeOverdue() {
    CloseReason reason = overdue();
    if (reason == null) {
      return;
    }
    String why =
        switch (reason) {
          case SLOW_REQUEST -> "its request does not arrive";
          case SLOW_READER -> "it does not read its answers";
          case AUTHENTICATION -> "it does not authenticate";
          default -> null; // idle connections are closed without a line, as in Kafka
        };
    closeNow(reason, why);
  }

  /** The node stops: answers what was taken up, then closes. */
  void drain() {
    if (state instanceof Serving || state instanceof InputEnded) {
      state = new Draining();
      serve();
    }
  }

  /** The node has more connections than it may have, and this one may go. */
  void closeForLimit() {
    closeNow(CloseReason.LIMIT, "max.connections is reached, and it was unused for longest");
  }

  /** When the client last sent something or was answered. */
  long activeNs() {
    return clock.activeNs();
  }

  void closeForShutdown() {
    closeNow(CloseReason.SHUTDOWN, null);
  }

  private void closeAfterWrites(CloseReason reason, @Nullable String why) {
    if (state instanceof Closing || state instanceof Closed) {
      return;
    }
    state = new Closing();
    closeReason = reason;
    logEnd(why);
    channel.closeAfterWrites();
  }

  void closeNow(CloseReason reason, @Nullable String why) {
    if (state instanceof Closed) {
      return;
    }
    if (!(state instanceof Closing)) {
      closeReason = reason;
      logEnd(why);
    }
    giveBack();
    channel.close();
  }

  private void logEnd(@Nullable String why) {
    if (why != null) {
      server.log().info("Closed connection " + address.id() + ": " + Printable.of(why));
    }
  }

  /** The channel is closed: every byte and answer held for it goes back; idempotent. */
  void giveBack() {
    if (state instanceof Closed) {
      return;
    }
    state = new Closed();
    connections.remove(this);
    mute.cancel();
    decoder.close();
    unanswered.discardAll();
    server.connectionMetrics().closed(closeReason);
    closeActions.close(address);
  }

  // ---- what handlers see ----------------------------------------------------------------------

  @Override
  public String id() {
    return address.id();
  }

  @Override
  public InetAddress clientAddress() {
    return address.client();
  }

  @Override
  public int clientPort() {
    return address.clientPort();
  }

  @Override
  public String listenerName() {
    return listener.name();
  }

  @Override
  public ScheduledExecutorService loop() {
    return connections.loop();
  }

  @Override
  public boolean isOpen() {
    return !closeActions.isClosed();
  }

  @Override
  public Registration onClose(Runnable action) {
    return closeActions.add(action, connections.loop());
  }
}
