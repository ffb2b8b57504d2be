package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An issuer of tokens over HTTP: its keys at {@code /keys}, and tokens at {@code /token} for who
 * shows a client's credentials (RFC 6749, 4.4). The token's subject is the client.
 */
final class TokenIssuer implements AutoCloseable {
  static final String NAME = "https://issuer.test";
  static final String AUDIENCE = "tidemark";

  private final HttpServer server;
  private final String secret;
  private final AtomicInteger given = new AtomicInteger();
  private volatile List<TokenKey> keys; // because the server's thread reads what tests change
  private volatile long lifeSeconds = 3_600;

  /**
   * @param secret of every client
   */
  TokenIssuer(String secret) throws IOException, GeneralSecurityException {
    this.secret = secret;
    keys = List.of(TokenKey.named("first"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/keys", exchange -> answer(exchange, 200, TokenKey.set(keys)));
    server.createContext("/token", this::give);
    server.start();
  }

  private void give(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String credentials = credentials(exchange);
    int colon = credentials.indexOf(':');
    boolean isClient =
        colon > 0
            && credentials.substring(colon + 1).equals(secret)
            && asked.contains("grant_type=client_credentials");
    if (!isClient) {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
      return;
    }
    given.incrementAndGet();
    String token = token(credentials.substring(0, colon));
    answer(
        exchange,
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
            .formatted(token, lifeSeconds));
  }

  private static String credentials(HttpExchange exchange) {
    String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    return header.startsWith("Basic ")
        ? new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8)
        : "";
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** A token of the newest key. */
  String token(String subject) {
    try {
      return keys.getLast().token(subject, AUDIENCE, NAME, lifeSeconds);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs with another key from here on; the keys of before are no longer known. */
  void changeKey(String id) throws GeneralSecurityException {
    keys = List.of(TokenKey.named(id));
  }

  /** Tokens are good for so long from here on. */
  void liveFor(long seconds) {
    lifeSeconds = seconds;
  }

  /** How many tokens it gave to clients. */
  int given() {
    return given.get();
  }

  String keysUrl() {
    return url("/keys");
  }

  String tokenUrl() {
    return url("/token");
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
