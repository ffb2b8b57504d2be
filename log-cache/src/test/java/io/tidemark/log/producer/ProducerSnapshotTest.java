package io.tidemark.log.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ProducerSnapshotTest {
  private static final int CRC_AT = 2;
  private static final int CHECKED_FROM = 6;
  private static final int BATCH_COUNT_AT = 40;

  @Test
  void moreBatchesThanThereAreBytesIsDamageWhateverTheNumber() {
    for (int count : new int[] {2, 127, 128, 163, 255}) {
      ByteBuffer snapshot = ProducerSnapshot.encode(List.of(producer()));
      snapshot.put(BATCH_COUNT_AT, (byte) count);

      assertThat(ProducerSnapshot.decode(withItsCrc(snapshot))).as("%d batches", count).isNull();
    }
  }

  private static ProducerState producer() {
    return new ProducerState(7, (short) 1, List.of(new ProducerBatch(9, 900, 2, 1)), 1, -1, -1);
  }

  private static ByteBuffer withItsCrc(ByteBuffer snapshot) {
    CRC32C crc = new CRC32C();
    crc.update(snapshot.slice(CHECKED_FROM, snapshot.limit() - CHECKED_FROM));
    return snapshot.putInt(CRC_AT, (int) crc.getValue());
  }
}
