package io.tidemark.gateway.net;

/**
 * What the server calls for every request it has decoded: the api package's dispatcher. Called on
 * the connection's event loop in the order in which the requests arrived; it must not wait. The
 * answer may come at once or later and from any thread, through the {@link Responder}.
 *
 * <p>A thrown exception closes the connection, as an answer that cannot be written does.
 */
@FunctionalInterface
public interface RequestHandler {
  void handle(Request request, Responder responder);
}
