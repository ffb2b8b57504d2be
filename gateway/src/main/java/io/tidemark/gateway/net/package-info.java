/**
 * Kafka connections: from bytes to requests and from answers to bytes, in order and in bounded
 * memory.
 *
 * <pre>
 *             socket                                              socket
 *               │ read                                              ▲ write, writev, sendfile
 *               ▼                                                   │ one flush a turn
 *   FrameReads ─ FrameDecoder ── FrameBudget              ResponseEncoder ─ ResponseParts
 *               │ Frame          (node-wide)                        ▲
 *               ▼                                                   │ in request order
 *   RequestDecoder ──► Exchange ──► RequestHandler ··· any thread ··► Responder
 *               └────────────── Connection ─────────────────────────┘
 *                               ConnectionLoop: all connections of one event loop
 * </pre>
 *
 * Before all that a listener's {@link io.tidemark.gateway.net.AcceptGate} lets accepted sockets
 * pass as the {@link io.tidemark.gateway.net.ConnectionLimits} allow, or keeps them waiting.
 *
 * <p>A connection belongs to one event loop for life, and that loop alone touches it. What others
 * have to say (an answer, memory that is free again) marks it ready with its {@link
 * io.tidemark.gateway.net.ConnectionLoop}, which serves all that are ready in one task.
 *
 * <p>Frames are read where they stay: requests of a batch each land several at once, of others at
 * most the first 64 KiB are copied, records are handed on inside it, and answers are sent from the
 * buffers and files their records are in.
 *
 * <p>What a client can make the node hold is bounded: its unfinished and unanswered requests by the
 * node's budget and by 16 requests or 8 MiB of a connection, its unread answers by taking up no
 * request while there are some, its silence by {@link io.tidemark.gateway.net.Patience}. What it
 * uses is counted where its answers leave ({@link io.tidemark.gateway.net.Throttle}); who is above
 * a quota is not read from for a while after the answer.
 */
@NullMarked
package io.tidemark.gateway.net;

import org.jspecify.annotations.NullMarked;
