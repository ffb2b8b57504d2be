/**
 * What every API asks of whoever sends a request, as Kafka's does: before its handler sees the
 * request, and once more when its answer leaves.
 *
 * <pre>
 *   request ──► Guard ─── all forbidden ──► the API's own error
 *                 │
 *                 ├── in part ──► the rest of it ──► handler ──► answer ──┐ errors of the forbidden
 *                 └── nothing ──► handler ──► answer                     ◄┘ part, names left out
 * </pre>
 *
 * A node that would serve an API without a guard does not start ({@link
 * io.tidemark.gateway.security.guard.Guards}). Fetch looks at each partition itself, since its
 * answers may come long after the request.
 */
@NullMarked
package io.tidemark.gateway.security.guard;

import org.jspecify.annotations.NullMarked;
