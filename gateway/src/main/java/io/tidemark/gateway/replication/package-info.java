/**
 * Following: how this node's replicas get what their leaders have.
 *
 * <pre>
 *   image: follow, forget                       the leader's node
 *        │                                            ▲ │ Fetch with replica state
 *        ▼                                   requests │ ▼ answers
 *   ReplicaFetchers ──▶ ReplicaFetcher ──────────▶ FetcherCore: who is fetched, by which way, what
 *     one lane for each     │ carries out  ◀─steps──   an answer means, when to try again
 *     (leader, fetcher)     ▼
 *                        Replica.replicate, truncateToLeader, startAtLeader     TierStarts: the bucket
 * </pre>
 *
 * <p>Where a log is cut is decided by leader epochs alone: a fetch says which epoch wrote the last
 * record the follower has, and a leader with another history answers where that epoch ends in its
 * own (KIP-101, KIP-279, KIP-595). Partitions of one leader share connections and incremental fetch
 * sessions (KIP-227), so what is idle costs nothing. A log that is empty, or ends where the
 * leader's local log no longer reaches, starts at the tiered offset; without the store it waits,
 * and nobody else does.
 *
 * <p>{@code ReplicationThrottle} bounds what replicas that are behind cost those that are not, on
 * the leader's side and on the follower's.
 *
 * <p>{@link io.tidemark.gateway.replication.FetcherCore} decides and never waits; all of this runs
 * in one thread in the simulation.
 */
@NullMarked
package io.tidemark.gateway.replication;

import org.jspecify.annotations.NullMarked;
