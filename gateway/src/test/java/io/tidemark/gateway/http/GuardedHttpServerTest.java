package io.tidemark.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.http.HttpAccess.Strangers;
import io.tidemark.gateway.net.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An HTTP port that asks who is there, byte for byte. */
class GuardedHttpServerTest {
  private static final Executor WORKERS = task -> Thread.ofVirtual().start(task);
  private static final String TOKEN = "token-0123456789abcdef";

  private final Routes routes =
      new Routes()
          .add(NodeRoutes.livez())
          .add(Route.get("/v1/tier", request -> HttpResponse.text(200, "secret numbers")))
          .add(Route.post("/v1/echo", request -> HttpResponse.text(200, "took it")));
  private final EventLoops loops =
      EventLoops.open(1, Thread.ofPlatform().daemon().name("loop-", 0).factory());
  private final HttpServer server =
      new HttpServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          routes,
          new HttpSecurity(
              null,
              Runnable::run,
              new HttpAccess(List.of("ops:pw"), List.of(TOKEN), List.of(), Strangers.PROBES)),
          loops,
          WORKERS);

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    loops.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.boundAddress().getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Sends a request and reads until the server closes. */
  private String answer(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static String get(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
  }

  @Test
  void strangersAreToldToComeBackWithCredentialsAndClosed() throws Exception {
    assertThat(answer(get("/v1/tier")))
        .startsWith("HTTP/1.1 401")
        .contains("www-authenticate: Basic realm=\"tidemark\"")
        .contains("www-authenticate: Bearer")
        .contains("connection: close")
        .doesNotContain("secret numbers");
  }

  @Test
  void aPathThatIsNotThereLooksTheSameToStrangers() throws Exception {
    assertThat(answer(get("/v1/nothing"))).isEqualTo(answer(get("/v1/tier")));
  }

  @Test
  void wrongCredentialsAreRefusedWithoutBeingRepeated() throws Exception {
    assertThat(answer(get("/v1/tier", "Authorization: Bearer guess-guess-guess\r\n")))
        .startsWith("HTTP/1.1 401")
        .contains("wrong credentials")
        .doesNotContain("guess-guess");
  }

  @Test
  void rightCredentialsPassAndProbesNeedNone() throws Exception {
    String close = "Connection: close\r\n";
    assertThat(answer(get("/v1/tier", "Authorization: Bearer " + TOKEN + "\r\n", close)))
        .contains("secret numbers");
    assertThat(answer(get("/v1/tier", "Authorization: Basic b3BzOnB3\r\n", close)))
        .contains("secret numbers");
    assertThat(answer(get("/livez", close))).startsWith("HTTP/1.1 200");
  }

  @Test
  void headsAndBodiesHaveLimits() throws Exception {
    assertThat(answer(get("/v1/tier", "Authorization: Bearer " + "x".repeat(20_000) + "\r\n")))
        .startsWith("HTTP/1.1 400");
    assertThat(answer(get("/" + "x".repeat(10_000)))).startsWith("HTTP/1.1 400");
    assertThat(
            answer(
                String.join(
                    "\r\n",
                    "POST /v1/echo HTTP/1.1",
                    "Host: localhost",
                    "Expect: 100-continue",
                    "Content-Length: 100000",
                    "\r\n")))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void oneAddressDoesNotTakeEveryConnection() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 64; i++) {
        Socket socket = connect();
        sockets.add(socket);
        socket.getOutputStream().write(get("/livez").getBytes(US_ASCII));
        assertThat(firstByte(socket)).isEqualTo('H');
      }
      try (Socket beyond = connect()) {
        assertThat(firstByte(beyond)).isNegative();
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static int firstByte(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return in.read();
  }
}
