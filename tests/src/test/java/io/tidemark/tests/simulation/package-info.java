/**
 * Whole nodes in one thread, from a seed.
 *
 * <pre>
 *   seed ─► Simulation ── picks the next task ──► lanes: event loops, pools, virtual threads, timers
 *                │                                      │
 *                └── simulated time moves on when       └── the node's real code above simulated
 *                    nothing is ready                        disk, quorum, object store, clock
 * </pre>
 *
 * <p>The same seed gives the same order of steps, so the same trace and the same outcome. A process
 * that crashes keeps its disk as the crash leaves it; all its tasks, timers and threads are gone.
 */
@NullMarked
package io.tidemark.tests.simulation;

import org.jspecify.annotations.NullMarked;
