package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;

/**
 * Answers the requests of one API (or of a family of them). Called on the connection's event loop
 * in order of arrival; must not wait. Answers now or later through the responder, with the
 * protocol's own error where something is wrong; a thrown exception becomes the error response of
 * the API.
 */
@FunctionalInterface
public interface ApiHandler {
  void handle(Request request, Responder responder);
}
