package io.tidemark.gateway.security.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer of tokens, read from a file or by HTTP: at the start, then regularly, and
 * soon when a token names a key that is not known. Nobody waits for that; while the issuer cannot
 * be reached the keys of before hold. {@link #keys} and {@link #refreshSoon} are safe from any
 * thread, reading happens on the executor.
 */
final class JsonWebKeySource {
  private static final Logger log = LoggerFactory.getLogger(JsonWebKeySource.class);

  private static final int MAX_BYTES = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long SOON_AT_MOST_EVERY_NS = TimeUnit.SECONDS.toNanos(10);

  private final URI url;
  private final ScheduledExecutorService executor;
  private final Time time;
  private final AtomicBoolean isAsked = new AtomicBoolean();
  private volatile JsonWebKeys keys = JsonWebKeys.NONE; // written by the executor, read by loops
  private volatile long readNs; // the same

  private JsonWebKeySource(URI url, ScheduledExecutorService executor, Time time) {
    this.url = url;
    this.executor = executor;
    this.time = time;
  }

  /** Begins to read; throws {@link ConfigException} where the URL is of no kind known here. */
  static JsonWebKeySource open(
      String key, String url, long refreshMs, ScheduledExecutorService executor, Time time) {
    JsonWebKeySource source = new JsonWebKeySource(uri(key, url), executor, time);
    source.readNs = time.nanoseconds();
    var _ = executor.scheduleWithFixedDelay(source::read, 0, refreshMs, TimeUnit.MILLISECONDS);
    return source;
  }

  private static URI uri(String key, String text) {
    try {
      URI url = URI.create(text);
      return switch (String.valueOf(url.getScheme())) {
        case "file", "http", "https" -> url;
        default -> throw new ConfigException(key, text, "is no https, http or file URL");
      };
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key, text, "is no URL");
    }
  }

  JsonWebKeys keys() {
    return keys;
  }

  /** A key is missing: it may be new. */
  void refreshSoon() {
    if (time.nanoseconds() - readNs < SOON_AT_MOST_EVERY_NS
        || !isAsked.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(this::read);
    } catch (RejectedExecutionException e) {
      isAsked.set(false); // the node stops, or there is much to do: the regular reading will do
    }
  }

  private void read() {
    try {
      keys = JsonWebKeys.parse("file".equals(url.getScheme()) ? file() : http());
    } catch (IOException | RuntimeException e) {
      log.warn("The keys of {} cannot be read, those known before hold: {}", url, e.toString());
    } finally {
      readNs = time.nanoseconds();
      isAsked.set(false);
    }
  }

  private String file() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(url))) {
      return text(in);
    }
  }

  private String http() throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(url).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new IOException("the answer was " + response.statusCode());
      }
      try (InputStream in = response.body()) {
        return text(in);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("it is larger than " + MAX_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
