/**
 * The HTTP port for probes, metrics and the tools.
 *
 * <pre>
 *   event loop:  HttpServer ─► HttpConnection ─► HttpAccess ─► Routes ──┐ one task a request
 *   worker:                                   Route.Handler ─► HttpResponse: Full | Streaming
 * </pre>
 *
 * Parts of the node add their {@link io.tidemark.gateway.http.Route} to the {@link
 * io.tidemark.gateway.http.Routes} and their conditions to {@link
 * io.tidemark.gateway.http.Readiness}; this package knows none of them. {@link
 * io.tidemark.gateway.http.JsonWriter} writes what they answer.
 */
@NullMarked
package io.tidemark.gateway.http;

import org.jspecify.annotations.NullMarked;
