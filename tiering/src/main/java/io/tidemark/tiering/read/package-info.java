/**
 * Reading what is in the store as if it were in the log.
 *
 * <pre>
 *   offset ─▶ manifest ─▶ segment tail (indexes) ─▶ chunks, several at a time ─▶ whole batches
 *             cached      cached                     one download each, cached off heap,
 *                                                    read ahead of sequential readers
 * </pre>
 */
@NullMarked
package io.tidemark.tiering.read;

import org.jspecify.annotations.NullMarked;
