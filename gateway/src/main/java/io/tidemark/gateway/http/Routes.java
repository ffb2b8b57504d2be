package io.tidemark.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The routes of the HTTP port. They may be added while it serves: parts of the node do so as they
 * come up. Safe from any thread.
 */
public final class Routes {
  private final Map<String, Route> exact = new ConcurrentSkipListMap<>();
  private final Map<String, Route> prefixes = new ConcurrentSkipListMap<>();

  /** What a path leads to. */
  sealed interface Match {
    record Found(Route route) implements Match {}

    /** The path is there for another method. */
    record WrongMethod() implements Match {}

    record NotFound() implements Match {}
  }

  public Routes add(Route route) {
    Map<String, Route> map = route.isPrefix() ? prefixes : exact;
    Route earlier = map.putIfAbsent(key(route.method(), route.path()), route);
    if (earlier != null) {
      throw new IllegalStateException("route is there already: " + route.path());
    }
    return this;
  }

  private static String key(String method, String path) {
    return method + " " + path;
  }

  /** HEAD is served by GET's route. */
  Match find(String method, String path) {
    String effective = method.equals("HEAD") ? "GET" : method;
    Route route = exact.get(key(effective, path));
    if (route != null) {
      return new Match.Found(route);
    }
    List<Route> below = prefixes.values().stream().filter(r -> path.startsWith(r.path())).toList();
    for (Route candidate : below) {
      if (candidate.method().equals(effective)) {
        return new Match.Found(candidate);
      }
    }
    boolean isThere =
        !below.isEmpty() || exact.values().stream().anyMatch(r -> r.path().equals(path));
    return isThere ? new Match.WrongMethod() : new Match.NotFound();
  }
}
