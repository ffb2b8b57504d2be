/**
 * The shell every coordinator runs in.
 *
 * <p>A coordinator is an event-sourced core on one partition of an internal topic. It decides on a
 * request by looking at its state and answers with records; the state changes by applying records
 * and in no other way, so reading the partition again gives the same state.
 *
 * <pre>
 *  request → core.decide → records ──→ apply ──→ batch ──→ CoordinatorLog.append ──→ committed
 *                             │                    ▲               │                     │
 *                             └── answer waits ────┴── an append in flight gathers       └→ answers leave
 *                                                      the next batch
 * </pre>
 *
 * <p>Nothing that is not committed is ever told to anybody: every answer, also of a read, leaves
 * when the newest record applied at that moment is committed. When an append fails or leadership is
 * lost the state is dropped, everyone waiting is sent away (NOT_COORDINATOR) and the state is
 * loaded again should this node still lead.
 */
@NullMarked
package io.tidemark.metadata.coordinator;

import org.jspecify.annotations.NullMarked;
