package io.tidemark.gateway.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.net.EventLoops;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Connections over TCP, on an event loop of their own so that no client's work delays them; it is
 * made with the first connection. Frames are copied to the heap once, for what followers append
 * outlives the network's buffers.
 */
public final class NettyTransport implements PeerTransport {
  private static final int MAX_FRAME_BYTES = 100 << 20;
  private static final int SIZE_FIELD_BYTES = 4;
  private static final long CLOSE_NOTIFY_MS = 500;

  /** As the system calls it; a ConnectException is also thrown when there is no way there. */
  private static final String REFUSED = "Connection refused";

  private final Supplier<EventLoops> loops;
  private final @Nullable Function<HostPort, SSLEngine> engines;
  private @Nullable EventLoops opened; // guarded by this
  private boolean isClosed; // guarded by this

  /** A transport that encrypts nothing, without a thread yet. */
  public NettyTransport(Supplier<EventLoops> loops) {
    this(loops, null);
  }

  /**
   * A transport without a thread yet.
   *
   * @param loops makes what connections run on; closed with the transport
   * @param engines what each connection encrypts with; null where none does
   */
  public NettyTransport(
      Supplier<EventLoops> loops, @Nullable Function<HostPort, SSLEngine> engines) {
    this.loops = loops;
    this.engines = engines;
  }

  @Override
  public void connect(HostPort address, Listener listener) {
    connect(address, engines, listener);
  }

  @Override
  public void knock(HostPort address, Listener listener) {
    connect(address, null, listener);
  }

  private void connect(
      HostPort address, @Nullable Function<HostPort, SSLEngine> encryption, Listener listener) {
    EventLoops on = loops();
    if (on == null) {
      listener.closed("this node stops");
      return;
    }
    new Bootstrap()
        .group(on.group())
        .channel(on.clientChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) ConnectedPeer.CONNECT_MS)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                if (encryption != null) {
                  channel.pipeline().addLast(tls(encryption.apply(address)));
                }
                channel.pipeline().addLast(new Frames(listener, encryption != null));
              }
            })
        .connect(address.host(), address.port())
        .addListener(done -> {
          if (!done.isSuccess()) {
            failed(done.cause(), listener);
          }
        });
  }

  private static SslHandler tls(SSLEngine engine) {
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(ConnectedPeer.CONNECT_MS);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MS);
    return handler;
  }

  private static void failed(Throwable cause, Listener listener) {
    String why = String.valueOf(cause.getMessage());
    if (cause instanceof ConnectException && why.contains(REFUSED)) {
      listener.refused(why);
    } else {
      listener.closed(why);
    }
  }

  private synchronized @Nullable EventLoops loops() {
    if (opened == null && !isClosed) {
      opened = loops.get();
    }
    return isClosed ? null : opened;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }

  private record NettyWire(Channel channel) implements Wire {

    @Override
    public void send(ByteBuffer frame) {
      ByteBuf size = Unpooled.buffer(SIZE_FIELD_BYTES).writeInt(frame.remaining());
      channel.writeAndFlush(
          Unpooled.wrappedBuffer(size, Unpooled.wrappedBuffer(frame)), channel.voidPromise());
    }

    @Override
    public void close() {
      channel.close();
    }
  }

  /** One connection's frames and its end. */
  private static final class Frames extends SimpleChannelInboundHandler<ByteBuf> {
    private final Listener listener;
    private final boolean isEncrypted;
    private final FrameReader frames = new FrameReader(MAX_FRAME_BYTES);
    private String why = "the other side closed it";
    private boolean isDistrusted;

    Frames(Listener listener, boolean isEncrypted) {
      this.listener = listener;
      this.isEncrypted = isEncrypted;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (!isEncrypted) {
        listener.opened(new NettyWire(ctx.channel()));
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          listener.opened(new NettyWire(ctx.channel()));
        } else {
          ended(handshake.cause());
        }
      }
    }

    /** The first reason is the one that tells; what follows from it comes later. */
    private void ended(Throwable cause) {
      if (isDistrusted) {
        return;
      }
      why = String.valueOf(cause.getMessage());
      Throwable known = cause instanceof DecoderException ? cause.getCause() : cause;
      if (known instanceof SSLException failure && !(failure instanceof SslClosedEngineException)) {
        isDistrusted = true;
        why = "TLS failed: " + deepest(failure);
      }
    }

    private static String deepest(Throwable failure) {
      Throwable cause = failure;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return String.valueOf(cause.getMessage());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      frames.read(bytes, listener::received);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (isDistrusted) {
        listener.distrusted(why);
      } else {
        listener.closed(why);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ended(cause);
      ctx.close();
    }
  }
}
