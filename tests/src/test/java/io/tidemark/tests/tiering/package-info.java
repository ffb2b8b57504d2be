/**
 * The whole life of tiered data under simulation: real logs on a simulated disk, the real life
 * cycle, a simulated store and a model of the quorum, in one thread and from a seed.
 *
 * <pre>
 *   TierWorld    what outlives a node: disk, store, quorum, and the ledger of what was acknowledged
 *   TierNode     one life of a node: log directories, replicas, tiering; killed at any moment
 *   Theorem      what must hold: after every commit, after every deletion, after every crash, and
 *                once everything has healed
 * </pre>
 */
@NullMarked
package io.tidemark.tests.tiering;

import org.jspecify.annotations.NullMarked;
