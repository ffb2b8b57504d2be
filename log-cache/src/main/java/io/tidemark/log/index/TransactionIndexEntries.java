package io.tidemark.log.index;

import io.tidemark.log.producer.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes transaction index entries, one for each aborted transaction whose marker lies in
 * the segment, in the order of the markers. Stateless; buffers are read from position 0 to their
 * limit.
 *
 * <pre>
 *  0  int64  producer id
 *  8  int64  first offset of the transaction
 * 16  int64  offset of the marker
 * 24  int64  last stable offset when it ended
 * </pre>
 */
public final class TransactionIndexEntries {
  public static final int ENTRY_BYTES = 32;

  private TransactionIndexEntries() {}

  public static int count(ByteBuffer entries) {
    return entries.limit() / ENTRY_BYTES;
  }

  public static AbortedTransaction entry(ByteBuffer entries, int entry) {
    int at = entry * ENTRY_BYTES;
    return new AbortedTransaction(
        entries.getLong(at),
        entries.getLong(at + 8),
        entries.getLong(at + 16),
        entries.getLong(at + 24));
  }

  public static void write(ByteBuffer dst, AbortedTransaction transaction) {
    dst.putLong(transaction.producerId())
        .putLong(transaction.firstOffset())
        .putLong(transaction.lastOffset())
        .putLong(transaction.lastStableOffset());
  }

  public static List<AbortedTransaction> all(ByteBuffer entries) {
    List<AbortedTransaction> found = new ArrayList<>();
    for (int i = 0; i < count(entries); i++) {
      found.add(entry(entries, i));
    }
    return found;
  }
}
