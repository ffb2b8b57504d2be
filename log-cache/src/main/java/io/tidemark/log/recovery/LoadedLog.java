package io.tidemark.log.recovery;

import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.segment.Segment;
import java.util.List;

/**
 * What a log's folder holds.
 *
 * @param segments by base offset, the last one active; never empty
 * @param producers at the log end
 * @param lineage of the log, as far back as known
 * @param logEndOffset the next offset to be written
 * @param recoveryPoint everything below is durable
 * @param isMarked whether the folder holds a {@link TruncationMark}
 */
public record LoadedLog(
    List<Segment> segments,
    ProducerTable producers,
    EpochLineage lineage,
    long logEndOffset,
    long recoveryPoint,
    boolean isMarked) {}
