/**
 * The shell every coordinator runs in. A coordinator answers for things that live on a partition of
 * an internal topic: today consumer groups, on the partitions of {@code __consumer_offsets}.
 *
 * <p>It is an event-sourced core: it decides on a request by looking at its state and comes to
 * records; its hard state changes by applying records and in no other way, so reading the partition
 * again gives the same state on whichever node leads it next.
 *
 * <pre>
 *            one lane per partition: one task at a time, on a shared executor
 *          ┌──────────────────────────────────────────────────────────────────┐
 *  request │  CoordinatorCore: decide, apply                                  │
 *  ───────→│      │ Turn: records, answers                                    │
 *  timer   │      ▼                                                           │
 *  ───────→│  Pipeline: gathering → in flight → uncommitted → answers leave   │──→ answer
 *          └────────────────────────────│────────────▲──────────▲─────────────┘
 *                                       ▼ append     │ appended │ committed
 *                                  CoordinatorLog
 * </pre>
 *
 * <p>Records are applied the moment they are decided, so the next request is decided on them; while
 * one append is in flight the records of the following turns gather into the next. But nothing that
 * is not committed is ever told to anybody: an answer, also of a read, also a refusal, leaves when
 * the newest record applied at that moment is committed. When an append fails or leadership is lost
 * the state is dropped, everyone waiting is sent away (NOT_COORDINATOR), and the state is loaded
 * again should this node still lead: whether the records made it into the log is then simply read.
 *
 * <p>Time comes in with every turn, in two kinds: the wall clock for what is written down, a
 * monotonic one for how long something may take. A core keeps its {@link
 * io.tidemark.metadata.coordinator.Deadlines}, the shell one timer for the first of them.
 *
 * <p>Another kind of coordinator (consumer groups of KIP-848, share groups, transactions) is
 * another core in the same shell, or further record kinds in the core of groups.
 */
@NullMarked
package io.tidemark.metadata.coordinator;

import org.jspecify.annotations.NullMarked;
