package io.tidemark.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.metrics.NodeMeters;
import io.tidemark.gateway.net.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
  private static final Executor WORKERS = task -> Thread.ofVirtual().start(task);

  private final Routes routes = new Routes();
  private final EventLoops loops =
      EventLoops.open(1, Thread.ofPlatform().daemon().name("loop-", 0).factory());
  private final HttpServer server =
      new HttpServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          routes,
          HttpSecurity.NONE,
          loops,
          WORKERS);
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    loops.close();
  }

  private java.net.http.HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  private java.net.http.HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.boundAddress().getPort() + path);
  }

  @Test
  void readinessNamesWhatIsMissing() throws Exception {
    Readiness readiness = new Readiness();
    AtomicBoolean recovered = new AtomicBoolean();
    readiness.require("recovered", recovered::get);
    readiness.require("listening", () -> true);
    routes.add(NodeRoutes.livez()).add(NodeRoutes.readyz(readiness));
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    var notReady = get("/readyz");
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(notReady.body()).isEqualTo("{\"ready\":false,\"missing\":[\"recovered\"]}\n");
    recovered.set(true);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreScraped() throws Exception {
    try (NodeMeters meters = new NodeMeters()) {
      routes.add(NodeRoutes.metrics(meters::scrape));
      var scrape = get("/metrics");
      assertThat(scrape.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
      assertThat(scrape.body())
          .contains(
              "jvm_memory_used_bytes", "process_files_open_files", "jvm_threads_live_threads");
    }
  }

  @Test
  void routesGetPathQueryAndBody() throws Exception {
    routes.add(
        Route.post(
            "/v1/echo",
            r ->
                HttpResponse.text(
                    200,
                    r.parameter("q").orElse("?") + new String(r.body(), StandardCharsets.UTF_8))));
    var answer =
        send(
            HttpRequest.newBuilder(uri("/v1/echo?q=a%20b&q=c"))
                .POST(HttpRequest.BodyPublishers.ofString("-body")));
    assertThat(answer.body()).isEqualTo("a b-body");
  }

  @Test
  void unknownPathsAndMethodsAreToldApart() throws Exception {
    routes.add(NodeRoutes.livez());
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(send(HttpRequest.newBuilder(uri("/livez")).DELETE()).statusCode()).isEqualTo(405);
    assertThat(send(HttpRequest.newBuilder(uri("/livez")).HEAD()).statusCode()).isEqualTo(200);
  }

  @Test
  void aRouteThatFailsIsAnError() throws Exception {
    routes.add(
        Route.get(
            "/v1/broken",
            r -> {
              throw new IOException("no luck");
            }));
    var answer = get("/v1/broken");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("no luck");
  }

  @Test
  void tooLargeABodyIsRefused() throws Exception {
    routes.add(Route.post("/v1/echo", r -> HttpResponse.text(200, "took it")));
    assertThatThrownByOrStatus413();
  }

  private void assertThatThrownByOrStatus413() throws Exception {
    try {
      var answer =
          send(
              HttpRequest.newBuilder(uri("/v1/echo"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[2 << 20])));
      assertThat(answer.statusCode()).isEqualTo(413);
    } catch (IOException e) {
      // closed while the client was still sending
    }
  }

  @Test
  void streamsReachTheClientPieceByPiece() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    routes.add(
        Route.get(
            "/v1/stream",
            r ->
                HttpResponse.jsonLines(out -> {
                  out.write("{\"n\":1}\n".getBytes(StandardCharsets.UTF_8));
                  out.flush();
                  try {
                    assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  out.write("{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
                })));
    var answer =
        client.send(
            HttpRequest.newBuilder(uri("/v1/stream")).build(), BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      assertThat(new String(body.readNBytes(8), StandardCharsets.UTF_8)).isEqualTo("{\"n\":1}\n");
      seen.countDown();
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"n\":2}\n");
    }
  }

  @Test
  void aStreamThatFailsHasNoEnd() {
    routes.add(
        Route.get(
            "/v1/stream",
            r ->
                HttpResponse.jsonLines(out -> {
                  out.write('x');
                  out.flush();
                  throw new IOException("broken");
                })));
    assertThatThrownBy(() -> get("/v1/stream")).isInstanceOf(IOException.class);
  }

  @Test
  void bytesThatAreNoHttpAreClosed() throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.boundAddress().getPort())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(new byte[] {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 13, 10, 13, 10});
      socket.shutdownOutput();
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void longerPrefixesAndExactPathsWin() throws Exception {
    routes.add(Route.get("/v1/", r -> HttpResponse.text(200, "all of " + r.path())));
    routes.add(Route.get("/v1/tier", r -> HttpResponse.text(200, "tier")));
    assertThat(get("/v1/tier").body()).isEqualTo("tier");
    assertThat(get("/v1/other").body()).isEqualTo("all of /v1/other");
  }
}
