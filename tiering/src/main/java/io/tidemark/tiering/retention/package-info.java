/**
 * Which records leave, and which hot copies: pure decisions, carried out by {@code
 * io.tidemark.tiering}.
 *
 * <pre>
 *   log start                    local log start        tiered offset       high watermark
 *      │◀──────── cold ────────────────┼──── both ────────────│◀── hot only ───▶│
 *      │                               │
 *      └─▶ RetentionPolicy: by age     └─▶ LocalRetentionPolicy: by age and size of the
 *          and size of both tiers           hot copy, only below the tiered offset
 * </pre>
 *
 * {@link io.tidemark.tiering.retention.SegmentTime} says what a segment's age counts from when
 * producers' clocks are wrong.
 */
@NullMarked
package io.tidemark.tiering.retention;

import org.jspecify.annotations.NullMarked;
