/**
 * Kafka's APIs: one small handler for each family, which translates a request into calls and their
 * results into the response.
 *
 * <pre>
 *   net ──Request──▶ Dispatcher ─▶ handler of the API ─▶ replicas, remote reader, controller, group coordinator
 *    ▲                  │ ApiTable: which, in which         │
 *    │                  │ versions, on which listener       │ now, or later from any thread
 *    └─────────────── Responder ◀──── Answers ◀─────────────┘
 *                                      │
 *                                ProtocolErrors: which error code an exception is
 * </pre>
 *
 * <p>Frame limits, versions and the order of answers are {@code net}'s matter; here a request is
 * whole, of a version that is served, and the answer may take as long as it needs without holding
 * anybody else up. Handlers have no state of their own and never wait: what takes time completes a
 * future.
 */
@NullMarked
package io.tidemark.gateway.api;

import org.jspecify.annotations.NullMarked;
