package io.tidemark.tiering.segment;

import io.tidemark.tiering.store.ObjectContent;

/**
 * A segment ready to be stored: its bytes, and what the manifest says of it. Reads the closed
 * segment's file, so it is stored while that is retained.
 *
 * @param footerCrc32c CRC32C of the encoded footer, kept in the manifest
 */
public record SegmentObject(ObjectContent content, SegmentFooter footer, int footerCrc32c) {
  public long recordsBytes() {
    return footer.part(SegmentPart.Kind.RECORDS).sizeBytes();
  }

  public long objectBytes() {
    return content.sizeBytes();
  }
}
