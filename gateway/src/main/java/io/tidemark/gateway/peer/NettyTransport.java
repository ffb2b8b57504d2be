package io.tidemark.gateway.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.net.EventLoops;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections over TCP, on an event loop of their own so that no client's work delays them; it is
 * made with the first connection. Frames are copied to the heap once, for what followers append
 * outlives the network's buffers.
 */
public final class NettyTransport implements PeerTransport {
  private static final int MAX_FRAME_BYTES = 100 << 20;
  private static final int SIZE_FIELD_BYTES = 4;

  /** As the system calls it; a ConnectException is also thrown when there is no way there. */
  private static final String REFUSED = "Connection refused";

  private final Supplier<EventLoops> loops;
  private @Nullable EventLoops opened; // guarded by this
  private boolean isClosed; // guarded by this

  /**
   * A transport without a thread yet.
   *
   * @param loops makes what connections run on; closed with the transport
   */
  public NettyTransport(Supplier<EventLoops> loops) {
    this.loops = loops;
  }

  @Override
  public void connect(HostPort address, Listener listener) {
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
                channel.pipeline().addLast(new Frames(listener));
              }
            })
        .connect(address.host(), address.port())
        .addListener(done -> {
          if (!done.isSuccess()) {
            failed(done.cause(), listener);
          }
        });
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
    private final FrameReader frames = new FrameReader(MAX_FRAME_BYTES);
    private String why = "the other side closed it";

    Frames(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      listener.opened(new NettyWire(ctx.channel()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      frames.read(bytes, listener::received);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      listener.closed(why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      why = String.valueOf(cause.getMessage());
      ctx.close();
    }
  }
}
