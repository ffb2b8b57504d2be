/**
 * What is checked of batches before they may enter a log, with Kafka's rules and errors.
 *
 * <pre>
 *   produce ─▶ BatchFraming ─▶ CRC ─▶ RecordWalk over a RecordWindow ─▶ Recompression ─▶ ValidatedBatches
 *              one batch of      │      ├ uncompressed: the batch's own bytes    where the topic
 *              format 2, sizes,  │      └ compressed: 64 KiB at a time           wants another codec
 *              counts, producer  │
 *                                └─ tidemark.produce.validation=header skips the walk
 *   coordinators ─▶ framing, sizes, CRC          leader → follower ─▶ framing, CRC; a cut last batch is left out
 * </pre>
 *
 * <p>The walk reads framing only and makes no object per record. Compressed batches are walked
 * through one window of fixed size, so a batch costs no more memory than that however much it
 * expands, and no more time than {@code max.decompressed.message.bytes} allows. What the codecs'
 * libraries would allocate on a batch's mere word is looked at before ({@link
 * io.tidemark.log.validate.SnappyFrames}).
 *
 * <p>Validation happens before a batch is queued, on the caller's thread, and keeps nothing; what
 * depends on the log (sequences, offsets, LogAppendTime) is checked and set when it is appended.
 */
@NullMarked
package io.tidemark.log.validate;

import org.jspecify.annotations.NullMarked;
