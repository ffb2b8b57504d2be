/**
 * Tidemark and Apache Kafka side by side in one run.
 *
 * <pre>
 *   Bench (command line) ─► cases ─┬─► load, client   what is done to a server
 *                                  ├─► server         the two servers, and the object store
 *                                  ├─► measure        passes, warm-up, pairs, ratios
 *                                  │      └─► machine processor time and memory, from /proc
 *                                  └─► results ─► report   a line a run; the page and its plots
 * </pre>
 */
@NullMarked
package io.tidemark.bench;

import org.jspecify.annotations.NullMarked;
