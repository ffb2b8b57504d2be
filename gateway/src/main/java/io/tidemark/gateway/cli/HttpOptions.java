package io.tidemark.gateway.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that name a node's HTTP port and who asks, and requests to it. */
final class HttpOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT|URL",
      defaultValue = "localhost:9094",
      description = "The node's HTTP port, or its https URL (default: ${DEFAULT-VALUE}).")
  String http = "localhost:9094";

  @Option(
      names = "--http-user",
      paramLabel = "USER",
      description =
          "Who asks, with the password in TIDEMARK_HTTP_PASSWORD; a token is taken from"
              + " TIDEMARK_HTTP_TOKEN.")
  @Nullable String user;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description =
          "A properties file with tidemark.http.user, tidemark.http.password or"
              + " tidemark.http.token, and the ssl settings of a Kafka client.")
  @Nullable Path commandConfig;

  /**
   * Asks for a path and answers the lines of the body as they arrive.
   *
   * @throws CommandFailure when there is no connection, or the node refuses
   */
  Stream<String> lines(String path, Map<String, String> parameters)
      throws IOException, InterruptedException {
    HttpCredentials credentials = HttpCredentials.read(commandConfig, user);
    URI uri = uri(path, parameters);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
    credentials.authorization().ifPresent(value -> request.header("Authorization", value));
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    if (uri.getScheme().equals("https")) {
      client.sslContext(credentials.sslContext());
    }
    HttpResponse<Stream<String>> response;
    try {
      response = client.build().send(request.build(), BodyHandlers.ofLines());
    } catch (IOException e) {
      throw CommandFailure.noConnection(
          "cannot connect to the HTTP port "
              + http
              + ": "
              + why(e)
              + "; is the node running, and is --http its tidemark.http.listener?");
    }
    if (response.statusCode() != 200) {
      String body = response.body().collect(Collectors.joining(" ")).strip();
      throw CommandFailure.refused(message(response.statusCode(), body));
    }
    return response.body();
  }

  /** The client's own exceptions often say nothing themselves. */
  private static String why(IOException e) {
    String said = e.getMessage();
    return switch (e) {
      case ConnectException _ when said == null -> "connection refused";
      default -> said == null ? e.getClass().getSimpleName() : said;
    };
  }

  /** Asks for a path and answers the body, one JSON object. */
  Map<String, Object> object(String path, Map<String, String> parameters)
      throws IOException, InterruptedException {
    try (Stream<String> lines = lines(path, parameters)) {
      return JSON.std.mapFrom(lines.collect(Collectors.joining("\n")));
    }
  }

  private URI uri(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(parameter ->
                parameter.getKey()
                    + "="
                    + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    try {
      URI uri = URI.create(base() + path + (query.isEmpty() ? "" : "?" + query));
      if (uri.getHost() != null) {
        return uri;
      }
      throw notAnAddress();
    } catch (IllegalArgumentException e) {
      throw notAnAddress();
    }
  }

  private CommandFailure notAnAddress() {
    return CommandFailure.usage(
        "--http " + http + " is not of the form host:port or https://host:port");
  }

  private String base() {
    boolean isUrl = http.startsWith("http://") || http.startsWith("https://");
    String base = isUrl ? http : "http://" + http;
    return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  private static String message(int status, String body) {
    try {
      Object error = JSON.std.mapFrom(body).get("error");
      return error == null ? "the node answered " + status + ": " + body : error.toString();
    } catch (IOException e) {
      return "the node answered " + status + (body.isEmpty() ? "" : ": " + body);
    }
  }
}
