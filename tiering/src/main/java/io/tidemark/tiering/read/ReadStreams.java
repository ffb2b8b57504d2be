package io.tidemark.tiering.read;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * The readers seen lately, found by partition and the offset they read next. Two that meet at one
 * offset become one, which shares what is read ahead anyway. Safe from any thread.
 */
final class ReadStreams {
  private static final int MAX_STREAMS = 10_000;

  private final RemoteReaderSettings settings;

  // Guarded by this, oldest use first.
  private final Map<Place, ReadStream> streams = new LinkedHashMap<>(16, 0.75f, true);

  private record Place(Uuid topicId, int partition, long offset) {
    static Place of(TopicIdPartition partition, long offset) {
      return new Place(partition.topicId(), partition.partition(), offset);
    }
  }

  /** What read-ahead is to be scheduled for: {@code windowBytes} from a position on. */
  record Window(ReadStream stream, long position, long windowBytes) {}

  ReadStreams(RemoteReaderSettings settings) {
    this.settings = settings;
  }

  /** The reader that comes to this offset; a new one when none is known to. */
  synchronized ReadStream at(TopicIdPartition partition, long offset) {
    ReadStream stream =
        streams.computeIfAbsent(
            Place.of(partition, offset),
            place ->
                new ReadStream(
                    new ReadAhead(settings.chunkBytes(), settings.readAheadBytesPerReader()),
                    offset));
    if (streams.size() > MAX_STREAMS) {
      Iterator<ReadStream> oldest = streams.values().iterator();
      oldest.next();
      oldest.remove();
    }
    return stream;
  }

  /** Where the batch at {@code offset} begins in this segment if the reader left off there; -1. */
  synchronized long positionAt(ReadStream stream, Uuid segment, long offset) {
    return stream.segment.equals(segment) && stream.nextOffset == offset ? stream.position : -1;
  }

  /** The reader took bytes up to {@code nextOffset}, which begins at {@code position}. */
  synchronized Window advanced(
      TopicIdPartition partition,
      ReadStream stream,
      Uuid segment,
      RemoteRead read,
      long position,
      long nowNs,
      long latencyNs) {
    streams.remove(Place.of(partition, stream.nextOffset), stream);
    stream.segment = segment;
    stream.nextOffset = read.nextOffset();
    stream.position = position;
    stream.ahead.advanced(read.sizeBytes(), nowNs, latencyNs);
    ReadStream there = streams.get(Place.of(partition, stream.nextOffset));
    if (there == null || there.ahead.windowBytes() <= stream.ahead.windowBytes()) {
      streams.put(Place.of(partition, stream.nextOffset), stream);
    }
    return new Window(stream, position, stream.ahead.windowBytes());
  }

  synchronized Window stalled(ReadStream stream, long position) {
    stream.ahead.stalled();
    return new Window(stream, position, stream.ahead.windowBytes());
  }

  /**
   * Whether this window reaches further than the one scheduled last; then it counts as scheduled.
   */
  synchronized boolean reachesFurther(Window window, Uuid segment) {
    ReadStream stream = window.stream();
    int chunk = (int) (window.position() / settings.chunkBytes());
    boolean isSame =
        stream.scheduledSegment.equals(segment)
            && stream.scheduledChunk == chunk
            && stream.scheduledWindow >= window.windowBytes();
    stream.scheduledSegment = segment;
    stream.scheduledChunk = chunk;
    stream.scheduledWindow = window.windowBytes();
    return !isSame;
  }
}
