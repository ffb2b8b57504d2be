package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ClusterImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An image as bytes: the events that make it, in blocks.
 *
 * <pre>
 *   magic     int32   0x544D534E "TMSN"
 *   format    int32   1
 *   version   int64   the index the image stands at
 *   blocks, each
 *     size    int32   of the bytes, at most 256 MiB; 0 ends the file
 *     crc32c  int32   of the bytes; at the end: the number of events
 *     bytes           an EventBatch, see {@link EventCodec}
 * </pre>
 *
 * All numbers are big-endian. A block that was cut or altered is noticed.
 */
public final class SnapshotCodec {
  private static final int MAGIC = 0x544D534E;
  private static final int FORMAT = 1;
  private static final int EVENTS_PER_BLOCK = 256;
  private static final int MAX_BLOCK_BYTES = 256 << 20;

  private SnapshotCodec() {}

  /** Writes an image; the stream stays open. */
  public static void write(ClusterImage image, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeInt(MAGIC);
    out.writeInt(FORMAT);
    out.writeLong(image.version());
    int events = 0;
    Iterator<Event> all = ImageEvents.of(image).iterator();
    while (all.hasNext()) {
      List<Event> block = new ArrayList<>(EVENTS_PER_BLOCK);
      while (all.hasNext() && block.size() < EVENTS_PER_BLOCK) {
        block.add(all.next());
      }
      events += block.size();
      writeBlock(out, block);
    }
    out.writeInt(0);
    out.writeInt(events);
    out.flush();
  }

  private static void writeBlock(DataOutputStream out, List<Event> events) throws IOException {
    byte[] bytes = EventCodec.encode(new EventCodec.Batch(0, events));
    out.writeInt(bytes.length);
    out.writeInt(crc32c(bytes));
    out.write(bytes);
  }

  /**
   * Reads an image; the stream stays open.
   *
   * @throws IOException when the bytes are no whole snapshot
   * @throws UnknownEventException when a later release wrote it
   */
  public static ClusterImage read(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    if (in.readInt() != MAGIC) {
      throw new IOException("No metadata snapshot: its first bytes differ");
    }
    int format = in.readInt();
    if (format != FORMAT) {
      throw new UnknownEventException(
          "The metadata snapshot has format %d, this release knows format %d; start a newer release on this folder"
              .formatted(format, FORMAT));
    }
    long version = in.readLong();
    ImageFold fold = new ImageFold(ClusterImage.EMPTY);
    int events = 0;
    for (int size = in.readInt(); size != 0; size = in.readInt()) {
      List<Event> block = readBlock(in, size);
      events += block.size();
      if (fold.applyAll(block, version) > 0) {
        throw new IOException("The metadata snapshot at %d contradicts itself".formatted(version));
      }
    }
    int written = in.readInt();
    if (written != events) {
      throw new IOException(
          "The metadata snapshot at %d has %d of its %d events"
              .formatted(version, events, written));
    }
    return fold.image(version);
  }

  private static List<Event> readBlock(DataInputStream in, int size) throws IOException {
    if (size < 0 || size > MAX_BLOCK_BYTES) {
      throw new IOException("The metadata snapshot names a block of %d bytes".formatted(size));
    }
    int crc32c = in.readInt();
    byte[] bytes = in.readNBytes(size);
    if (bytes.length != size || crc32c(bytes) != crc32c) {
      throw new IOException("A block of the metadata snapshot is cut or altered");
    }
    return EventCodec.decode(ByteBuffer.wrap(bytes)).events();
  }

  private static int crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
