/**
 * The cold tier: closed segments in an object store, and the life cycle that takes them there and
 * away again.
 *
 * <pre>
 *                    replica (log-cache)                         quorum (port ManifestCommits)
 *      closed segments │   ▲ tieredTo, log start,                     ▲ pointer, commit,
 *                      │   │ local deletion, roll                     │ log start
 *                      ▼   │                                          │
 *   Tiering ── tick ─▶ PartitionTier ── turn ─▶ ColdTurn ─────────────┘
 *                        look: no waiting          │ one step after the other, blocking
 *                                                  ▼
 *      upload/ · retention/ · sweep/ · manifest/ ─▶ segment/ ─▶ store/ ◀─ read/ ◀─ fetches
 *                                                  ▲                ▲
 *      ColdCompaction ── compact/ ── swaps ────────┘ objects ───────┘
 * </pre>
 *
 * Nothing in the store is current before the quorum says so, and nothing is deleted that a
 * committed manifest has not named for deletion before. So every crash and every lost answer leaves
 * at worst an object nobody needs, which is found and deleted.
 */
@NullMarked
package io.tidemark.tiering;

import org.jspecify.annotations.NullMarked;
