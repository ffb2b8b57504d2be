package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** Tells a {@link Connection} what its channel meets: its face as Netty's handler. */
final class ConnectionEvents extends ChannelInboundHandlerAdapter {
  private final Connection connection;

  ConnectionEvents(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection.opened(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    connection.received((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connection.flush();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case ChannelInputShutdownEvent _ -> connection.inputEnded();
      case SslHandshakeCompletionEvent done -> handshakeOver(ctx, done);
      default -> {}
    }
  }

  private void handshakeOver(ChannelHandlerContext ctx, SslHandshakeCompletionEvent done) {
    if (done.isSuccess()) {
      connection.encrypted(ctx.pipeline().get(TlsHandler.class).engine().getSession());
    } else {
      notEncrypted(ctx, done.cause());
    }
  }

  private void notEncrypted(ChannelHandlerContext ctx, Throwable cause) {
    TlsHandler tls = ctx.pipeline().get(TlsHandler.class);
    connection.notEncrypted(cause, tls != null && tls.hasHeard());
  }

  /** The client has read what it was owed: requests that waited for that may be taken up. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      connection.wake();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (isOfTls(cause)) {
      notEncrypted(ctx, cause);
    } else if (cause instanceof IOException) {
      connection.lost();
    } else {
      connection.failed(cause);
    }
  }

  private static boolean isOfTls(Throwable cause) {
    return cause instanceof SSLException || cause.getCause() instanceof SSLException;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connection.giveBack();
  }
}
