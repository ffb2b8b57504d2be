package io.tidemark.gateway.security.auth;

import com.fasterxml.jackson.jr.ob.JSON;
import io.tidemark.gateway.config.NodeLogin;
import io.tidemark.gateway.config.SaslKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's own token, from a file that somebody keeps fresh or from an issuer that is asked with
 * client credentials (RFC 6749, 4.4), renewed when four fifths of its life are over. Nobody waits
 * for that: {@link #token} is safe from any thread, reading happens on the executor.
 */
final class TokenSource {
  private static final Logger log = LoggerFactory.getLogger(TokenSource.class);

  private static final int MAX_BYTES = 1 << 16;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long AGAIN_MS = 1_000;
  private static final long USUAL_LIFE_SECONDS = 300;

  /** A token and when to ask for the next one. */
  private record Read(String value, long renewAfterMs) {}

  private final URI url;
  private final NodeLogin.Token login;
  private final ScheduledExecutorService executor;
  private volatile @Nullable String value; // because the executor writes what others read

  private TokenSource(URI url, NodeLogin.Token login, ScheduledExecutorService executor) {
    this.url = url;
    this.login = login;
    this.executor = executor;
  }

  /** Begins to read; throws {@link ConfigException} where the URL is of no kind known here. */
  static TokenSource open(NodeLogin.Token login, ScheduledExecutorService executor) {
    TokenSource source = new TokenSource(uri(login.url()), login, executor);
    executor.execute(source::read);
    return source;
  }

  private static URI uri(String text) {
    try {
      URI url = URI.create(text);
      return switch (String.valueOf(url.getScheme())) {
        case "file", "http", "https" -> url;
        default ->
            throw new ConfigException(SaslKeys.TOKEN_URL, text, "is no https, http or file URL");
      };
    } catch (IllegalArgumentException e) {
      throw new ConfigException(SaslKeys.TOKEN_URL, text, "is no URL");
    }
  }

  /** The newest; throws where there is none. */
  String token() throws SaslException {
    String newest = value;
    if (newest == null) {
      throw new SaslException("There is no token of " + url + " yet");
    }
    return newest;
  }

  private void read() {
    long nextMs = AGAIN_MS;
    try {
      Read read = "file".equals(url.getScheme()) ? file() : http();
      value = read.value;
      nextMs = read.renewAfterMs;
    } catch (IOException | RuntimeException e) {
      log.warn("No token of {} can be had, the one before is kept: {}", url, e.toString());
    }
    try {
      var _ = executor.schedule(this::read, nextMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // the node stops
    }
  }

  private Read file() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(url))) {
      return new Read(text(in).strip(), AGAIN_MS);
    }
  }

  private Read http() throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<InputStream> response =
          client.send(request(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("the answer was " + response.statusCode());
        }
        return parse(text(in));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private HttpRequest request() {
    String scope = login.scope().isEmpty() ? "" : "&scope=" + encoded(login.scope());
    String credentials = encoded(login.clientId()) + ":" + encoded(login.clientSecret());
    return HttpRequest.newBuilder(url)
        .timeout(PATIENCE)
        .header(
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials" + scope))
        .build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Read parse(String json) throws IOException {
    Map<String, Object> answer = JSON.std.mapFrom(json);
    if (!(answer.get("access_token") instanceof String token) || token.isBlank()) {
      throw new IOException("the answer holds no access_token");
    }
    long lifeSeconds =
        answer.get("expires_in") instanceof Number seconds
            ? seconds.longValue()
            : USUAL_LIFE_SECONDS;
    return new Read(token, Math.max(AGAIN_MS, TimeUnit.SECONDS.toMillis(lifeSeconds) * 4 / 5));
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is larger than " + MAX_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
