/**
 * Other nodes, as this one speaks to them: requests of Kafka's protocol out, answers in.
 *
 * <pre>
 *   ControllerLink, replica fetchers
 *        │ send(key, request, time-out)                     completed once
 *        ▼                                                        ▲
 *   Peers ── one for each (address, lane) ──► ConnectedPeer: login, correlation ids, versions, limits
 *                                                │ frames         ▲ frames
 *                                                ▼                │
 *                                             PeerTransport: Netty with or without TLS, or the
 *                                             simulated network
 * </pre>
 *
 * <p>How connections are protected depends on the listener they go to ({@link
 * io.tidemark.gateway.peer.PeerSecurity}): there is one {@code Peers} for controllers and, where
 * its listener is protected in another way, one for replicas.
 *
 * <p>A node answers one connection's requests in order, so what must not wait for each other takes
 * different lanes: heartbeats one, changes of topics another. Nothing is connected before it is
 * needed; a node that is alone never opens anything here.
 *
 * <p>What fails says what is known: {@code BrokerNotAvailableException} means that the request
 * never left, {@code DisconnectException} and {@code TimeoutException} that nobody knows what
 * became of it. Nothing is sent twice here.
 */
@NullMarked
package io.tidemark.gateway.peer;

import org.jspecify.annotations.NullMarked;
