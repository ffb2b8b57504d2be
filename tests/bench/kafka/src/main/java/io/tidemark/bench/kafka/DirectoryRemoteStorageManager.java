package io.tidemark.bench.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.server.log.remote.storage.LogSegmentData;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata.CustomMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteResourceNotFoundException;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager;

/**
 * Kafka's cold tier in a folder: one sub-folder a segment, one file for the records and one for
 * each index, copied by the kernel and read by plain file streams, which is as cheap as a remote
 * store can be. Called from any of the broker's threads; it holds nothing open itself.
 */
public final class DirectoryRemoteStorageManager implements RemoteStorageManager {
  /** With the prefix {@code rsm.config.} in the broker's settings. */
  public static final String FOLDER_KEY = "folder";

  private static final String RECORDS = "records";

  private Path folder = Path.of("");

  @Override
  public void configure(Map<String, ?> configs) {
    folder = Path.of(String.valueOf(configs.get(FOLDER_KEY)));
  }

  @Override
  public Optional<CustomMetadata> copyLogSegmentData(
      RemoteLogSegmentMetadata metadata, LogSegmentData data) throws RemoteStorageException {
    Path segment = segmentFolder(metadata);
    try {
      Files.createDirectories(segment);
      copy(data.logSegment(), segment.resolve(RECORDS));
      copy(data.offsetIndex(), segment.resolve(IndexType.OFFSET.name()));
      copy(data.timeIndex(), segment.resolve(IndexType.TIMESTAMP.name()));
      copy(data.producerSnapshotIndex(), segment.resolve(IndexType.PRODUCER_SNAPSHOT.name()));
      if (data.transactionIndex().isPresent()) {
        copy(data.transactionIndex().get(), segment.resolve(IndexType.TRANSACTION.name()));
      }
      Files.write(segment.resolve(IndexType.LEADER_EPOCH.name()), bytesOf(data.leaderEpochIndex()));
      return Optional.empty();
    } catch (IOException e) {
      throw new RemoteStorageException(e);
    }
  }

  @Override
  public InputStream fetchLogSegment(RemoteLogSegmentMetadata metadata, int startPosition)
      throws RemoteStorageException {
    return fetchLogSegment(metadata, startPosition, Integer.MAX_VALUE);
  }

  @Override
  public InputStream fetchLogSegment(
      RemoteLogSegmentMetadata metadata, int startPosition, int endPosition)
      throws RemoteStorageException {
    Path records = segmentFolder(metadata).resolve(RECORDS);
    try {
      // The broker stops reading at the end it wants; a stream that ends later costs nothing.
      FileChannel channel = FileChannel.open(records, StandardOpenOption.READ);
      channel.position(startPosition);
      return Channels.newInputStream(channel);
    } catch (NoSuchFileException e) {
      throw new RemoteResourceNotFoundException(e);
    } catch (IOException e) {
      throw new RemoteStorageException(e);
    }
  }

  @Override
  public InputStream fetchIndex(RemoteLogSegmentMetadata metadata, IndexType indexType)
      throws RemoteStorageException {
    try {
      return Files.newInputStream(segmentFolder(metadata).resolve(indexType.name()));
    } catch (NoSuchFileException e) {
      throw new RemoteResourceNotFoundException(e);
    } catch (IOException e) {
      throw new RemoteStorageException(e);
    }
  }

  @Override
  public void deleteLogSegmentData(RemoteLogSegmentMetadata metadata)
      throws RemoteStorageException {
    Path segment = segmentFolder(metadata);
    if (!Files.exists(segment)) {
      return;
    }
    try (Stream<Path> files = Files.list(segment)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(segment);
    } catch (IOException e) {
      throw new RemoteStorageException(e);
    }
  }

  @Override
  public void close() {}

  private Path segmentFolder(RemoteLogSegmentMetadata metadata) {
    TopicIdPartition partition = metadata.remoteLogSegmentId().topicIdPartition();
    return folder
        .resolve(partition.topicId() + "-" + partition.partition())
        .resolve(metadata.remoteLogSegmentId().id().toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long size = in.size();
      for (long done = 0; done < size; ) {
        done += in.transferTo(done, size - done, out);
      }
    }
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
