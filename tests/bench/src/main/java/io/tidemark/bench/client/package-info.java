/**
 * Load clients that cost next to nothing, so that a measurement shows the server.
 *
 * <pre>
 *   LoadClient (main) ─▶ ProduceLoad ── a thread a connection ─▶ ClientSocket ─▶ one encoded request, sent again and again
 *                     └▶ FetchLoad ──── a thread a connection ─▶ ClientSocket ─▶ FetchStream: offsets from batch headers,
 *                                                                                 everything else is read and thrown away
 * </pre>
 *
 * Raw blocking sockets and direct buffers; a produce request is encoded once and its batch never
 * changes, a fetched batch is never decoded. What they do not do: find leaders (one node only),
 * retry, idempotence, group membership.
 */
@NullMarked
package io.tidemark.bench.client;

import org.jspecify.annotations.NullMarked;
