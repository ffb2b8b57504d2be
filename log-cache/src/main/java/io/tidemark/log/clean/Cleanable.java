package io.tidemark.log.clean;

/**
 * What of a log may be cleaned.
 *
 * @param startOffset everything below is clean
 * @param endOffset where the segments end that may be cleaned; {@code startOffset} for none
 * @param cleanBytes of the segments below
 * @param dirtyBytes of the segments that may be cleaned
 */
record Cleanable(long startOffset, long endOffset, long cleanBytes, long dirtyBytes) {
  double dirtyRatio() {
    return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
  }
}
