package io.tidemark.tiering.verify;

/** How far a verification is. */
public record VerifyProgress(
    int partitionsDone, int partitions, long segmentsDone, long segments, long bytesRead) {}
