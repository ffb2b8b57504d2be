/**
 * How a node works with a quorum that is led, or voted in, elsewhere: what it asks of the leader
 * beyond Kafka's own messages.
 *
 * <pre>
 *   node                                                       voter that leads the quorum
 *   RemoteUpdates ── ControllerCall ──► ControllerWay (port) ──► ControllerCalls ──► Quorum, Controller
 *        │       ◄── ControllerReply ──     LinkCodec               SnapshotPieces
 *        ▼
 *   FollowedQuorum ──► ImageFollower
 * </pre>
 *
 * A voter that is removed from the quorum, or not in it yet, follows the same way until it votes:
 * {@code VoterOrFollower}. A node follows by asking for the events after its version and waiting
 * for them; one that is too far behind gets a snapshot in pieces. Only the leader answers, so that
 * nobody follows a voter that is cut off from the others. The gateway carries calls and replies.
 */
@NullMarked
package io.tidemark.metadata.link;

import org.jspecify.annotations.NullMarked;
