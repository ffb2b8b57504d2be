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
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection: hands each request that may pass to its route on a worker and writes what it
 * answers. The next request is read when the answer has been written; who does not send it whole in
 * time is closed, and so is who may not ask, a little later so that guessing takes time. Used by
 * its event loop; the worker only writes through the channel.
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

  private static final long MAX_WAIT_MS = 60_000;
  private static final long REFUSAL_MS = 100;

  private final Routes routes;
  private final HttpAccess access;
  private final HostNames hosts;
  private final Executor workers;
  private boolean isBusy;
  private @Nullable ScheduledFuture<?> patience; // ends a connection that sends no whole request

  HttpConnection(Routes routes, HttpAccess access, HostNames hosts, Executor workers) {
    this.routes = routes;
    this.access = access;
    this.hosts = hosts;
    this.workers = workers;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    waitForRequest(ctx);
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopWaiting();
    ctx.fireChannelInactive();
  }

  private void waitForRequest(ChannelHandlerContext ctx) {
    stopWaiting();
    patience = ctx.executor().schedule(() -> ctx.close(), MAX_WAIT_MS, TimeUnit.MILLISECONDS);
  }

  private void stopWaiting() {
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
    stopWaiting();
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
    if (!hosts.mayBe(message.headers().get(HttpHeaderNames.HOST))) {
      answer(ctx, error(421, "the name of the host is not this port's"), message);
      return;
    }
    String authorization = message.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (!access.allows(request.path(), authorization)) {
      refuse(ctx, authorization != null);
      return;
    }
    switch (routes.find(request.method(), request.path())) {
      case Routes.Match.Found found -> run(ctx, found.route(), request, message);
      case Routes.Match.WrongMethod wrong -> answer(ctx, error(405, "method not allowed"), message);
      case Routes.Match.NotFound missing -> answer(ctx, error(404, "no such path"), message);
    }
  }

  private void refuse(ChannelHandlerContext ctx, boolean hasGuessed) {
    isBusy = true;
    ctx.channel().config().setAutoRead(false);
    FullHttpResponse refusal =
        full(error(401, hasGuessed ? "wrong credentials" : "credentials are needed"));
    HttpUtil.setKeepAlive(refusal, false);
    refusal.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, access.challenges());
    var _ =
        ctx.executor()
            .schedule(
                () -> ctx.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE),
                hasGuessed ? REFUSAL_MS : 0,
                TimeUnit.MILLISECONDS);
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
        waitForRequest(ctx);
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

  private void answer(
      ChannelHandlerContext ctx, HttpResponse.Full response, FullHttpRequest message) {
    boolean keepAlive = HttpUtil.isKeepAlive(message);
    ChannelFuture written = ctx.writeAndFlush(headOrFull(response, false, keepAlive));
    if (keepAlive) {
      waitForRequest(ctx);
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static HttpResponse.Full error(int status, String why) {
    JsonWriter json = new JsonWriter().object().field("error", why).end();
    return (HttpResponse.Full) HttpResponse.json(status, json + "\n");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("HTTP connection {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
    ctx.close();
  }
}
