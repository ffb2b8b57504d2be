package io.tidemark.gateway.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * A connection's channel: takes answers in the order of the calls, counts them, and sends them when
 * it is flushed; reads or does not. In which order is {@link Connection}'s matter. Used by the
 * connection's loop alone, once it is in a pipeline.
 */
final class ClientChannel {
  private static final short OLDEST = 0;

  private final ServerContext server;
  private final ListenerSecurity security;
  private final ConnectionClock clock;

  private @Nullable ChannelHandlerContext context;
  private @Nullable HalfClosedFlush halfClosed; // once the client has ended its side
  private boolean isReading = true; // what the channel's autoRead was set to
  private boolean needsFlush;

  ClientChannel(ServerContext server, ListenerSecurity security, ConnectionClock clock) {
    this.server = server;
    this.security = security;
    this.clock = clock;
  }

  void opened(ChannelHandlerContext channelContext) {
    context = channelContext;
  }

  /** The client will send nothing more. */
  void inputEnded() {
    halfClosed = new HalfClosedFlush();
  }

  /** False while the client leaves too many answers unread. */
  boolean isWritable() {
    return context().channel().isWritable();
  }

  boolean isReading() {
    return isReading;
  }

  void read(boolean reads) {
    if (reads != isReading) {
      isReading = reads;
      clock.reading(reads);
      context().channel().config().setAutoRead(reads);
    }
  }

  /** What the client has still to take; null once the channel is closed. */
  @Nullable ChannelOutboundBuffer pending() {
    return context().channel().unsafe().outboundBuffer();
  }

  // ---- answers --------------------------------------------------------------------------------

  /** The body's slices are given back when they have left, or when this fails. */
  void write(Exchange exchange, ApiMessage body) {
    count(exchange, body, ResponseEncoder.write(context(), transfer(), exchange.header(), body));
    needsFlush = true;
  }

  /** Its client expects no answer. */
  void skip(Exchange exchange) {
    count(exchange, null, 0);
  }

  /** An answer in version 0, whatever its request's was. */
  void writeOldest(int correlationId, ApiMessage body) {
    ResponseEncoder.write(context(), transfer(), correlationId, OLDEST, body, OLDEST);
    needsFlush = true;
  }

  /** A bare token of an authentication. */
  void write(byte[] token) {
    ResponseEncoder.write(context(), token);
    needsFlush = true;
  }

  private Transfer transfer() {
    return security.isEncrypted() ? Transfer.IN_PIECES : Transfer.FROM_FILE;
  }

  private void count(Exchange exchange, @Nullable ApiMessage body, long bytes) {
    long nowNs = server.time().nanoseconds();
    clock.wrote(nowNs);
    server
        .requestMetrics()
        .answered(
            exchange.header().apiKey(),
            exchange.sizeBytes(),
            body,
            bytes,
            nowNs - exchange.arrivedNs());
  }

  void flush() {
    if (!needsFlush) {
      return;
    }
    needsFlush = false;
    if (halfClosed == null) {
      context().flush();
    } else {
      halfClosed.flush(context().channel());
    }
  }

  // ---- the end --------------------------------------------------------------------------------

  /** Closes once everything written has left. */
  void closeAfterWrites() {
    context().write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    needsFlush = true;
    flush();
  }

  void close() {
    context().close();
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return context;
  }
}
