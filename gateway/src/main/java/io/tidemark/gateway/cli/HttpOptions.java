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
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The flag that names a node's HTTP port, and requests to it. */
final class HttpOptions {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:9094",
      description = "The node's HTTP port (default: ${DEFAULT-VALUE}).")
  String http = "localhost:9094";

  /**
   * Asks for a path and answers the lines of the body as they arrive.
   *
   * @throws CommandFailure when there is no connection, or the node refuses
   */
  Stream<String> lines(String path, Map<String, String> parameters)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri(path, parameters)).GET().build();
    HttpResponse<Stream<String>> response;
    try {
      response =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(5))
              .build()
              .send(request, BodyHandlers.ofLines());
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
      return URI.create("http://" + http + path + (query.isEmpty() ? "" : "?" + query));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--http " + http + " is not of the form host:port");
    }
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
