package io.tidemark.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as routes see it.
 *
 * @param method in upper case
 * @param path decoded, without the query
 * @param query decoded parameters in their order
 * @param body at most the server's limit, empty where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and read-only by agreement
public record HttpRequest(
    String method, String path, Map<String, List<String>> query, byte[] body) {

  /** The first value of a query parameter. */
  public Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }
}
