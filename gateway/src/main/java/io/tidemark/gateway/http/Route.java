package io.tidemark.gateway.http;

/**
 * One path of the HTTP port. Handled on the executor the server was given, one thread a request, so
 * it may wait. An exception becomes a 500 and one log line.
 *
 * @param method in upper case
 * @param path exact, or everything below it when it ends in {@code /} and is more than that
 */
public record Route(String method, String path, Handler handler) {

  /** Answers one request. */
  @FunctionalInterface
  public interface Handler {
    HttpResponse handle(HttpRequest request) throws Exception;
  }

  boolean isPrefix() {
    return path.length() > 1 && path.endsWith("/");
  }

  public static Route get(String path, Handler handler) {
    return new Route("GET", path, handler);
  }

  public static Route post(String path, Handler handler) {
    return new Route("POST", path, handler);
  }
}
