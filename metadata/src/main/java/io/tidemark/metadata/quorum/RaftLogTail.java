package io.tidemark.metadata.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the torn end off a Raft log that a crash of the machine left behind, for Ratis refuses to
 * start on one.
 *
 * <pre>
 *   open segment  "RaftLog1"  entries…  zeros (preallocated)
 *   entry         length varint | bytes | CRC32C int32 over both
 * </pre>
 *
 * <p>Only the last entry can be torn: it was never synced, so it was never acknowledged. An entry
 * that is broken but followed by a whole one was synced once, has rotted, and is left for Ratis to
 * refuse.
 */
final class RaftLogTail {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLogTail.class);
  private static final int HEADER_BYTES = 8;
  private static final String OPEN_SEGMENT = "log_inprogress_\\d+";

  private RaftLogTail() {}

  static void cutTorn(Path directory) throws IOException {
    List<Path> open;
    try (Stream<Path> walk = Files.walk(directory, 3)) {
      open = walk.filter(path -> path.getFileName().toString().matches(OPEN_SEGMENT)).toList();
    }
    for (Path segment : open) {
      cut(segment);
    }
  }

  private static void cut(Path segment) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
    int position = HEADER_BYTES;
    for (int end = endOfEntry(bytes, position); end > 0; end = endOfEntry(bytes, position)) {
      position = end;
    }
    if (position >= bytes.limit() || isZero(bytes, position) || isFollowed(bytes, position)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.truncate(position);
      channel.force(true);
    }
    LOG.warn("The last entry of the metadata log {} was torn; cut at {}", segment, position);
  }

  /** Where the entry at a position ends; 0 when there is no whole one. */
  private static int endOfEntry(ByteBuffer bytes, int position) {
    long claimed = claimedEnd(bytes, position);
    if (claimed <= 0 || claimed > bytes.limit()) {
      return 0;
    }
    int end = (int) claimed;
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(position, end - Integer.BYTES - position));
    return (int) crc.getValue() == bytes.getInt(end - Integer.BYTES) ? end : 0;
  }

  /** Where the entry would end by its length; 0 when there is no length. */
  private static long claimedEnd(ByteBuffer bytes, int position) {
    long length = 0;
    for (int i = 0; i < 5 && position + i < bytes.limit(); i++) {
      byte next = bytes.get(position + i);
      length |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return length == 0 ? 0 : position + i + 1 + length + Integer.BYTES;
      }
    }
    return 0;
  }

  private static boolean isFollowed(ByteBuffer bytes, int position) {
    long next = claimedEnd(bytes, position);
    return next > 0 && next < bytes.limit() && endOfEntry(bytes, (int) next) > 0;
  }

  private static boolean isZero(ByteBuffer bytes, int position) {
    for (int i = position; i < bytes.limit(); i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
