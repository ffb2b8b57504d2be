package io.tidemark.log.index;

/** The three indexes beside a segment. */
public enum IndexKind {
  OFFSET(".index", OffsetIndexEntries.ENTRY_BYTES),
  TIME(".timeindex", TimeIndexEntries.ENTRY_BYTES),
  TRANSACTION(".txnindex", TransactionIndexEntries.ENTRY_BYTES);

  private final String suffix;
  private final int entryBytes;

  IndexKind(String suffix, int entryBytes) {
    this.suffix = suffix;
    this.entryBytes = entryBytes;
  }

  /** How the file's name ends. */
  public String suffix() {
    return suffix;
  }

  int entryBytes() {
    return entryBytes;
  }
}
