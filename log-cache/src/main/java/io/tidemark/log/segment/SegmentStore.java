package io.tidemark.log.segment;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.index.IndexCache;

/**
 * What all segments of a node share.
 *
 * @param disk where the files are
 * @param files those kept open
 * @param indexes of closed segments, those kept in memory
 */
public record SegmentStore(Disk disk, FileCache files, IndexCache indexes) {}
