/**
 * Whole clusters in one thread, from a seed: the main proof that nothing is lost.
 *
 * <pre>
 *   ClusterWorkload ── clients ──┐                       ┌── NodeCore ── SimulatedDisk, clock
 *   Faults ── kill, cut, wipe … ─┼─ SimulatedNetwork ────┼── NodeCore ── SimulatedDisk, clock
 *                                │                       └── NodeCore ── SimulatedDisk, clock
 *   ClusterWatch ── theorems ◄───┴── ModelRaft: the quorum │ one faulty object store for all
 * </pre>
 *
 * <p>A run has two phases: faults come as the seed wills, and what must always hold is checked
 * meanwhile; then everything heals, and within a bound everything goes on, is read back and is
 * compared with what clients were told. What they were told is kept apart as done, refused, and
 * unknown.
 */
@NullMarked
package io.tidemark.tests.cluster;

import org.jspecify.annotations.NullMarked;
