/**
 * One file of a log: its names, its bytes, how it is kept open and when it goes.
 *
 * <pre>
 *                 write, appended               close                      rename, release
 *   create ──▶ active, index in memory ──▶ closed, index on demand ──▶ deleted ──▶ removed when nobody
 *                        ▲                        │                                 retains it
 *                        └──────── truncate ──────┘
 * </pre>
 *
 * Files are open only while used, or kept by {@link io.tidemark.log.segment.FileCache}. {@link
 * io.tidemark.log.segment.BatchWalker} reads headers, {@link io.tidemark.log.segment.BatchScanner}
 * reads and checks everything.
 */
@NullMarked
package io.tidemark.log.segment;

import org.jspecify.annotations.NullMarked;
