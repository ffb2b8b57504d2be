package io.tidemark.tiering.read;

import io.tidemark.tiering.segment.BlockChecksums;
import org.apache.kafka.common.Uuid;

/** One chunk of a segment's records: where it is, how long, and how to tell that it is right. */
record ChunkRequest(
    Key key, String objectKey, long position, int lengthBytes, BlockChecksums blocks) {
  /** A chunk's name: its segment object and its place in it. */
  record Key(Uuid segment, int index) {}
}
