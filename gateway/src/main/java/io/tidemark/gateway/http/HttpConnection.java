package io.tidemark.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection: hands each request to its route on a worker and writes what it answers. The
 * next request is read when the answer has been written. Used by its event loop; the worker only
 * writes through the channel.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  /**
   * Of every answer, for what a browser shows of it: nothing but this port's own files runs or is
   * loaded, in no other page's frame, and a type is what it is said to be.
   */
  private static final Map<String, String> GUARDS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-cache");

  private final Routes routes;
  private final Executor workers;
  private boolean isBusy;

  HttpConnection(Routes routes, Executor workers) {
    this.routes = routes;
    this.workers = workers;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
    if (message.decoderResult().isFailure() || isBusy) { // a client that pipelines is not served
      boolean isMalformed = message.decoderResult().isFailure();
      ctx.writeAndFlush(full(error(isMalformed ? 400 : 429, isMalformed ? "malformed" : "busy")))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    HttpRequest request;
    try {
      request = request(message);
    } catch (IllegalArgumentException e) {
      answer(ctx, error(400, "malformed path or query"), message);
      return;
    }
    switch (routes.find(request.method(), request.path())) {
      case Routes.Match.Found found -> run(ctx, found.route(), request, message);
      case Routes.Match.WrongMethod wrong -> answer(ctx, error(405, "method not allowed"), message);
      case Routes.Match.NotFound missing -> answer(ctx, error(404, "no such path"), message);
    }
  }

  private static HttpRequest request(FullHttpRequest message) {
    QueryStringDecoder uri = new QueryStringDecoder(message.uri());
    return new HttpRequest(
        message.method().name(),
        uri.path(),
        uri.parameters(),
        ByteBufUtil.getBytes(message.content()));
  }

  private void run(
      ChannelHandlerContext ctx, Route route, HttpRequest request, FullHttpRequest message) {
    isBusy = true;
    ctx.channel().config().setAutoRead(false);
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    boolean isHead = message.method().equals(HttpMethod.HEAD);
    try {
      workers.execute(() -> {
        HttpResponse response = handle(route, request);
        send(ctx, response, isHead, keepAlive, request);
      });
    } catch (RejectedExecutionException e) {
      answer(ctx, error(503, "the node stops"), message);
    }
  }

  private static HttpResponse handle(Route route, HttpRequest request) {
    try {
      return route.handler().handle(request);
    } catch (IllegalArgumentException e) {
      return error(400, String.valueOf(e.getMessage()));
    } catch (Exception e) {
      log.warn("{} {} failed", request.method(), request.path(), e);
      return error(500, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /** On the worker. */
  private void send(
      ChannelHandlerContext ctx,
      HttpResponse response,
      boolean isHead,
      boolean keepAlive,
      HttpRequest request) {
    ChannelFuture written =
        switch (response) {
          case HttpResponse.Full full -> ctx.writeAndFlush(headOrFull(full, isHead, keepAlive));
          case HttpResponse.Streaming streaming ->
              stream(ctx, streaming, isHead, keepAlive, request);
        };
    written.addListener(done -> {
      isBusy = false; // on the loop
      if (keepAlive && done.isSuccess()) {
        ctx.channel().config().setAutoRead(true);
      } else {
        ctx.close();
      }
    });
  }

  private static FullHttpResponse headOrFull(
      HttpResponse.Full response, boolean isHead, boolean keepAlive) {
    DefaultFullHttpResponse full = full(response);
    HttpUtil.setKeepAlive(full, keepAlive);
    return isHead ? full.replace(Unpooled.EMPTY_BUFFER) : full;
  }

  private static DefaultFullHttpResponse full(HttpResponse.Full response) {
    ByteBuf body = Unpooled.wrappedBuffer(response.body());
    DefaultFullHttpResponse full =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    full.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    GUARDS.forEach(full.headers()::set);
    return full;
  }

  private static ChannelFuture stream(
      ChannelHandlerContext ctx,
      HttpResponse.Streaming response,
      boolean isHead,
      boolean keepAlive,
      HttpRequest request) {
    DefaultHttpResponse head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    GUARDS.forEach(head.headers()::set);
    HttpUtil.setKeepAlive(head, keepAlive);
    ctx.writeAndFlush(head);
    if (!isHead) {
      try (ChunkedOutput out = new ChunkedOutput(ctx)) {
        response.writer().writeTo(out);
      } catch (IOException | RuntimeException e) {
        log.info("{} ended early: {}", request.path(), e.toString());
        return ctx.close(); // the client sees that the body has no end
      }
    }
    return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private static void answer(
      ChannelHandlerContext ctx, HttpResponse.Full response, FullHttpRequest message) {
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    ChannelFuture written = ctx.writeAndFlush(headOrFull(response, false, keepAlive));
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static HttpResponse.Full error(int status, String why) {
    JsonWriter json = new JsonWriter().object().field("error", why).end();
    return (HttpResponse.Full) HttpResponse.json(status, json + "\n");
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent && !isBusy) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("HTTP connection {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
    ctx.close();
  }
}
