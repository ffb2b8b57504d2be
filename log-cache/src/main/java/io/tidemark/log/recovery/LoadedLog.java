package io.tidemark.log.recovery;

import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.segment.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log's folder holds.
 *
 * @param segments by base offset, the last one active; never empty
 * @param producers at the log end
 * @param lineage of the log, as far back as known
 * @param logEndOffset the next offset to be written
 * @param recoveryPoint everything below is durable
 * @param storedLineage what the lineage's file says; null when it is missing or damaged
 * @param isAsClosed nothing had to be looked at: the files of the clean stop still hold
 * @param cleaned how far it is compacted
 * @param isMarked whether the folder holds a {@link TruncationMark}
 */
public record LoadedLog(
    List<Segment> segments,
    ProducerTable producers,
    EpochLineage lineage,
    long logEndOffset,
    long recoveryPoint,
    @Nullable EpochLineage storedLineage,
    boolean isAsClosed,
    CleanedMark cleaned,
    boolean isMarked) {}
