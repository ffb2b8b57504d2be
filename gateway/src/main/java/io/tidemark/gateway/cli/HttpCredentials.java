package io.tidemark.gateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.apache.kafka.common.security.ssl.SslFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a command shows a node's HTTP port, and whom it trusts there. Passwords and tokens come from
 * the environment or a file, never from the command line, which others may see.
 */
final class HttpCredentials {
  static final String PASSWORD_VARIABLE = "TIDEMARK_HTTP_PASSWORD";
  static final String TOKEN_VARIABLE = "TIDEMARK_HTTP_TOKEN";
  private static final String USER = "tidemark.http.user";
  private static final String PASSWORD = "tidemark.http.password";
  private static final String TOKEN = "tidemark.http.token";

  private final Properties file;
  private final @Nullable String user;
  private final UnaryOperator<@Nullable String> environment;

  /**
   * @param file a command's settings: its user, password and token, and a Kafka client's {@code
   *     ssl.*}
   * @param user who asks, where the command line says so
   */
  HttpCredentials(
      Properties file, @Nullable String user, UnaryOperator<@Nullable String> environment) {
    this.file = file;
    this.user = user == null ? file.getProperty(USER) : user;
    this.environment = environment;
  }

  /** Reads a file, if there is one; a {@link CommandFailure} says that it cannot be read. */
  static HttpCredentials read(@Nullable Path file, @Nullable String user) {
    Properties properties = new Properties();
    if (file != null) {
      try (InputStream in = Files.newInputStream(file)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException e) {
        throw CommandFailure.usage("cannot read --command-config " + file + ": " + e.getMessage());
      }
    }
    return new HttpCredentials(properties, user, System::getenv);
  }

  /** The header of that name; empty for a stranger. */
  Optional<String> authorization() {
    if (user != null) {
      String password = value(PASSWORD_VARIABLE, PASSWORD);
      if (password == null) {
        throw CommandFailure.usage(
            "the password of %s is missing: set %s, or %s in --command-config"
                .formatted(user, PASSWORD_VARIABLE, PASSWORD));
      }
      byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
    }
    return Optional.ofNullable(value(TOKEN_VARIABLE, TOKEN)).map(token -> "Bearer " + token);
  }

  private @Nullable String value(String variable, String key) {
    String ofEnvironment = environment.apply(variable);
    return ofEnvironment == null ? file.getProperty(key) : ofEnvironment;
  }

  /** Whom to trust and what to show, as a Kafka client would with the same settings. */
  SSLContext sslContext() {
    ConfigDef definition = new ConfigDef().withClientSslSupport();
    try (SslFactory factory = new SslFactory(ConnectionMode.CLIENT)) {
      Map<String, Object> settings = new HashMap<>(definition.parse(file));
      factory.configure(settings);
      return ((DefaultSslEngineFactory) factory.sslEngineFactory()).sslContext();
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandFailure.usage(
          "--command-config: no encryption with its ssl settings: " + cause.getMessage());
    }
  }
}
