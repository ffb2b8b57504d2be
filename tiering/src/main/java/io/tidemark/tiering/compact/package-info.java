/**
 * Rewriting what is in the store: compaction, and the merging of small neighbours.
 *
 * <pre>
 *   RewritePolicy   what to do next, from the manifest alone      MergePolicy   which neighbours
 *        │
 *        ▼
 *   RemoteRewrite ── segment by segment, oldest first
 *        │  RemoteBatches    ranged GETs of some MiB, each block and batch checked
 *        │  BatchFilter      all of it (merging), or what BatchCompaction leaves
 *        │  ObjectAssembler  records in memory up to an object's size ─▶ put under a fresh uuid
 *        ▼
 *   SwapDesk ── a finished group of neighbours ──▶ the partition's turn: one manifest commit
 * </pre>
 *
 * <p>Nothing here commits, marks or deletes: an object that was put and is not swapped in is a
 * stray like any other. Memory is bounded: the keys' map, one object, one piece of another.
 */
@NullMarked
package io.tidemark.tiering.compact;

import org.jspecify.annotations.NullMarked;
