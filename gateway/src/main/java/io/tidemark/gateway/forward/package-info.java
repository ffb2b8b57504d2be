/**
 * A gateway's way to the nodes that hold what its clients ask for, and those nodes' end of it.
 *
 * <pre>
 *  gateway                                                         node
 *
 *  client's request                                                EnvelopeHandler: who is the client,
 *    │                                                               │  what is in the envelope
 *    ▼                                                               ▼
 *  SplitForward, WholeForward, (fetch) LeaderFetch                 the node's own APIs, behind their guards
 *    │  Routes: who leads, who coordinates                           │
 *    ▼                                                               ▼
 *  Forwarder ─▶ Upstream ── Envelope: principal, address, request ──▶ answer in an envelope
 *               one a (client connection, node)
 * </pre>
 *
 * <p>A client connection has connections of its own to the nodes, opened when they are first
 * needed, so that the order of its requests, what it is made to wait for and how long a poll waits
 * are what they would be if it were connected there itself. They end with it, and when the cluster
 * gives the node up.
 *
 * <p>Nothing is sent twice. What was never sent is answered with NOT_LEADER_OR_FOLLOWER or
 * NOT_COORDINATOR, so that the client asks for metadata and comes again; what was sent and stays
 * unanswered with NETWORK_EXCEPTION where clients take that for what it is, and else as the lost
 * connection that it would have been without a gateway: the client's is closed.
 */
@NullMarked
package io.tidemark.gateway.forward;

import org.jspecify.annotations.NullMarked;
