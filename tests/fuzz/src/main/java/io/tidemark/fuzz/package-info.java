/**
 * Parsers of bytes that others wrote, under Jazzer: frames, batches, indexes, manifests, segment
 * objects. A target is a class with {@code fuzzerTestOneInput}, in the package of what it feeds,
 * because nobody else may see that; anything it throws is a finding. {@link Repair} puts lengths,
 * magic numbers and checksums right, which a mutation never would, so that what lies behind them is
 * reached.
 *
 * <pre>
 *   seeds (SeedFiles) ──▶ Jazzer ──mutates──▶ target ──repairs──▶ parser
 *                           ▲                                        │
 *                           └──────────── code reached ──────────────┘
 * </pre>
 */
package io.tidemark.fuzz;
