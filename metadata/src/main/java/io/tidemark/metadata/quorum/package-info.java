/**
 * The replicated order of events: the port, Apache Ratis behind it, and following it.
 *
 * <pre>
 *   Quorum (port)
 *     append(term, events) ──► RatisQuorum ──► Raft log of the voters
 *                                                   │ committed
 *     image, updatesAfter ◄── ReplicatedImage ◄── ImageStateMachine
 *           │                    image + newest entries
 *           ▼
 *     ImageFollower ──► the node's image ──► ImageListener…
 * </pre>
 *
 * A voter folds what is committed and keeps the newest entries for those who follow; who is too far
 * behind goes on from the image. The order of a quorum is told by its index, which is the version
 * of an image.
 */
@NullMarked
package io.tidemark.metadata.quorum;

import org.jspecify.annotations.NullMarked;
