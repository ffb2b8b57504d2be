/**
 * The group coordinator's log on the replicas of {@code __consumer_offsets}.
 *
 * <pre>
 *  GroupCoordinator ──append──▶ ReplicaCoordinatorLog ──one batch──▶ Replica (leader)
 *        ▲   ▲                        │                                │
 *        │   └──── committed ──── CommitWatch ◀───── high watermark ───┘
 *        ├──────── load: LogReplay reads the partition from its start
 *        └───────▶ GroupLag: what has been committed against the logs' ends, as meters
 * </pre>
 *
 * <p>The topic is never deleted locally, so loading needs no store.
 */
@NullMarked
package io.tidemark.gateway.coordinator;

import org.jspecify.annotations.NullMarked;
