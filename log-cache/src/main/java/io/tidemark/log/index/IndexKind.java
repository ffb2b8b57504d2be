package io.tidemark.log.index;

/** The three indexes beside a segment. */
public enum IndexKind {
  OFFSET(0, ".index", OffsetIndexEntries.ENTRY_BYTES),
  TIME(1, ".timeindex", TimeIndexEntries.ENTRY_BYTES),
  TRANSACTION(2, ".txnindex", TransactionIndexEntries.ENTRY_BYTES);

  private final int number;
  private final String suffix;
  private final int entryBytes;

  IndexKind(int number, String suffix, int entryBytes) {
    this.number = number;
    this.suffix = suffix;
    this.entryBytes = entryBytes;
  }

  /** What stands for it in the file. */
  byte number() {
    return (byte) number;
  }

  /** How the file's name ends. */
  public String suffix() {
    return suffix;
  }

  int entryBytes() {
    return entryBytes;
  }
}
