package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Encrypts one connection, and knows whether its client has said anything at all. */
final class TlsHandler extends SslHandler {
  private boolean hasHeard;

  TlsHandler(SSLEngine engine, Executor handshakes) {
    super(engine, handshakes);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws SSLException {
    hasHeard = true;
    super.decode(ctx, in, out);
  }

  /** Whether any byte has arrived. Asked on the connection's loop. */
  boolean hasHeard() {
    return hasHeard;
  }
}
