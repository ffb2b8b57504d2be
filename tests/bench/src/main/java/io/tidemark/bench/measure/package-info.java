/**
 * From passes to ratios.
 *
 * <pre>
 *   Load.pass() ─► Pass (work, usage) ─► WarmUp: steady? ─► measured passes ─► Quantity values = Run
 *
 *   runs    A1 B1 A2 B2 A3 B3 …  (fresh servers; A and B are the two sides)
 *   pairs   (A1,B1) (A2,B2) …  without those that others disturbed ─► Comparison: median, least, greatest
 * </pre>
 *
 * <p>Everything here is pure, except {@link io.tidemark.bench.measure.PassRunner}.
 */
@NullMarked
package io.tidemark.bench.measure;

import org.jspecify.annotations.NullMarked;
