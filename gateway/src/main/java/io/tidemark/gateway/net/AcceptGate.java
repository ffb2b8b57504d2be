package io.tidemark.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a listener and its connections: lets accepted channels pass as far as the {@link
 * ConnectionLimits} admit them.
 *
 * <pre>
 *   kernel's backlog ──accept──► AcceptGate ──admitted──► ConnectionAcceptor, on the channel's loop
 *                                  │    └────refused────► closed
 *                                  └─ held, and nothing more is accepted until it has passed
 * </pre>
 *
 * What is held has no buffers and is not read from; the rest waits in the kernel, up to {@code
 * socket.listen.backlog.size}. Used by the listener's loop alone.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
  private static final int MAX_SLOWED = 1_000;

  private final ServerContext server;
  private final String listener;
  private final Runnable onExcess;
  private final Deque<Channel> held = new ArrayDeque<>(1);
  private final Set<Channel> slowed = new HashSet<>();
  private boolean isClosed;

  /**
   * @param onExcess told when a connection was admitted past the node's quota
   */
  AcceptGate(ServerContext server, String listener, Runnable onExcess) {
    this.server = server;
    this.listener = listener;
    this.onExcess = onExcess;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held.add((Channel) message);
    server.connectionMetrics().held(1);
    if (held.size() == 1) {
      passHeld(ctx);
    }
  }

  private void passHeld(ChannelHandlerContext ctx) {
    Channel next = held.peek();
    while (next != null && !isClosed && decide(ctx, next)) {
      held.remove();
      server.connectionMetrics().held(-1);
      next = held.peek();
    }
    boolean accepts = held.isEmpty();
    if (ctx.channel().config().isAutoRead() != accepts) {
      ctx.channel().config().setAutoRead(accepts);
    }
  }

  /** Whether the channel is dealt with; otherwise it is looked at again in time. */
  private boolean decide(ChannelHandlerContext ctx, Channel channel) {
    InetAddress address = clientOf(channel);
    if (address == null) { // gone again before we looked
      channel.unsafe().closeForcibly();
      return true;
    }
    return switch (server.limits().admit(listener, address)) {
      case Admission.Admitted _ -> {
        admit(ctx, channel, address);
        yield true;
      }
      case Admission.Refused(String why) -> {
        refuse(channel, address, why);
        yield true;
      }
      case Admission.RefusedLater(String why, long waitNs) -> {
        refuseLater(ctx, channel, address, why, waitNs);
        yield true;
      }
      case Admission.Full _ -> decideOnceMore(ctx, channel, address);
      case Admission.TooFast(long waitNs) -> {
        server.connectionMetrics().delayed();
        var _ = ctx.executor().schedule(() -> passHeld(ctx), waitNs, TimeUnit.NANOSECONDS);
        yield false;
      }
    };
  }

  /** Another may have closed between the look and the wish to be told of it. */
  private boolean decideOnceMore(ChannelHandlerContext ctx, Channel channel, InetAddress address) {
    server.limits().awaitRoom(() -> ctx.executor().execute(() -> passHeld(ctx)));
    if (!(server.limits().admit(listener, address) instanceof Admission.Admitted)) {
      server.connectionMetrics().delayed();
      return false;
    }
    admit(ctx, channel, address);
    return true;
  }

  private void admit(ChannelHandlerContext ctx, Channel channel, InetAddress address) {
    server.connectionMetrics().accepted();
    channel.closeFuture().addListener(closed -> server.limits().leave(listener, address));
    ctx.fireChannelRead(channel);
    if (server.limits().hasExcess()) {
      onExcess.run();
    }
  }

  private void refuse(Channel channel, InetAddress address, String why) {
    server.connectionMetrics().accepted();
    server.connectionMetrics().closed(CloseReason.LIMIT);
    server.log().info("Refused a connection from " + address + ": " + why);
    channel.unsafe().closeForcibly();
  }

  /** It costs a socket meanwhile, so only so many are kept waiting. */
  private void refuseLater(
      ChannelHandlerContext ctx, Channel channel, InetAddress address, String why, long waitNs) {
    if (slowed.size() >= MAX_SLOWED) {
      refuse(channel, address, why);
      return;
    }
    slowed.add(channel);
    server.connectionMetrics().delayed();
    var _ =
        ctx.executor()
            .schedule(
                () -> {
                  if (slowed.remove(channel)) {
                    refuse(channel, address, why);
                  }
                },
                waitNs,
                TimeUnit.NANOSECONDS);
  }

  private static @Nullable InetAddress clientOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
  }

  /** The listener is closed: what is held has no server any more. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    isClosed = true;
    server.connectionMetrics().held(-held.size());
    held.forEach(channel -> channel.unsafe().closeForcibly());
    held.clear();
    slowed.forEach(channel -> channel.unsafe().closeForcibly());
    slowed.clear();
    ctx.fireChannelInactive();
  }
}
