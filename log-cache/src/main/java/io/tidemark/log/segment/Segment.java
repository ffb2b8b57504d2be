package io.tidemark.log.segment;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.index.IndexFile;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.index.SegmentIndex;
import io.tidemark.log.index.SegmentIndexes;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a log and its indexes. Active while it is written, its index in memory; closed for
 * good otherwise, its index on demand. Written by the log's one appender; reads are safe from any
 * thread. The file is open only while used, or kept by {@link FileCache}. It is removed when the
 * log has deleted it and nobody retains it. Nothing to close.
 */
public final class Segment {
  private static final Logger log = LoggerFactory.getLogger(Segment.class);

  private final SegmentStore store;
  private final Path folder;
  private final long baseOffset;
  private final AbortedSource abortedSource;

  /** One for the log, one for each who retains it. */
  private final AtomicInteger references = new AtomicInteger(1);

  /**
   * Guards the file's name against an opening beside a renaming: another segment may have the old
   * name at once. Held over one call of the disk.
   */
  private final Object naming = new Object();

  // Volatile because readers look while the appender writes.
  private volatile Path file;
  private volatile long sizeBytes;
  private volatile @Nullable ActiveIndex active;

  // Volatile because a scrub finds out on its own thread.
  private volatile @Nullable String damage;

  /** Finds the aborted transactions of a segment whose transaction index is lost. */
  @FunctionalInterface
  public interface AbortedSource {
    List<AbortedTransaction> abortedIn(Segment segment) throws IOException;
  }

  /** A closed segment; {@link #activate} makes it the active one. */
  public Segment(
      SegmentStore store,
      Path folder,
      long baseOffset,
      long sizeBytes,
      AbortedSource abortedSource) {
    this.store = store;
    this.folder = folder;
    this.baseOffset = baseOffset;
    this.sizeBytes = sizeBytes;
    this.abortedSource = abortedSource;
    this.file = SegmentFiles.log(folder, baseOffset);
  }

  /** A new active segment with its empty file. */
  public static Segment create(
      SegmentStore store, Path folder, long baseOffset, AbortedSource abortedSource)
      throws IOException {
    Segment segment = unmade(store, folder, baseOffset, abortedSource);
    segment.createFile();
    return segment;
  }

  /** A new active segment, to be written to once {@link #createFile} has been called. */
  public static Segment unmade(
      SegmentStore store, Path folder, long baseOffset, AbortedSource abortedSource) {
    Segment segment = new Segment(store, folder, baseOffset, 0, abortedSource);
    segment.active = new ActiveIndex();
    return segment;
  }

  /** Creates the empty file. */
  public void createFile() throws IOException {
    try (DiskFile created = store.disk().open(file, OpenMode.CREATE)) {
      created.truncate(0);
    }
  }

  public SegmentStore store() {
    return store;
  }

  public Path folder() {
    return folder;
  }

  /** Where its batches are; another name once it is deleted. */
  public Path file() {
    return file;
  }

  /** False once it is deleted. */
  boolean isInPlace() {
    return file.equals(SegmentFiles.log(folder, baseOffset));
  }

  public long baseOffset() {
    return baseOffset;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  AbortedSource abortedSource() {
    return abortedSource;
  }

  // ---- writing: the log's appender

  /** Makes this the segment that is written. */
  public void activate(ActiveIndex index) {
    active = index;
    // A file opened for reading only would refuse the next write.
    store.files().invalidate(this);
  }

  public boolean isActive() {
    return active != null;
  }

  /** The index in memory of the active segment. */
  public ActiveIndex activeIndex() {
    ActiveIndex index = active;
    if (index == null) {
      throw new IllegalStateException("Segment " + file + " is closed");
    }
    return index;
  }

  /**
   * Writes batches behind the last; they count once {@link #appended} is called. When it throws,
   * the file may be longer than {@link #sizeBytes} and has to be cut back.
   *
   * @param open its file, held until it is cut back, for which there might be no handle later
   */
  public void write(OpenFile open, ByteBuffer[] batches) throws IOException {
    open.file().write(batches, sizeBytes);
  }

  /** Cuts the file back to what counts. */
  public void cutBack(OpenFile open) throws IOException {
    open.file().truncate(sizeBytes);
  }

  /** Takes written batches into the index and the size. */
  public void appended(ByteBuffer batches, int indexIntervalBytes) {
    ActiveIndex index = activeIndex();
    BatchCursor cursor = new BatchCursor(batches);
    long position = sizeBytes;
    while (cursor.next()) {
      index(index, cursor.header(), position, indexIntervalBytes);
      position += cursor.header().sizeBytes();
    }
    sizeBytes = position;
  }

  public void index(
      ActiveIndex index, RecordBatchHeader batch, long position, int indexIntervalBytes) {
    index.add(
        Math.toIntExact(batch.baseOffset() - baseOffset),
        Math.toIntExact(position),
        batch.sizeBytes(),
        batch.count() == 0 ? RecordBatchHeader.NO_TIMESTAMP : batch.maxTimestamp(),
        indexIntervalBytes);
  }

  /** Makes the batches durable. */
  public void force() throws IOException {
    OpenFile open = acquire();
    try {
      open.file().force(true);
    } finally {
      open.release();
    }
  }

  /** Writes the index of the active segment beside it, as it stands. */
  public void writeActiveIndex() throws IOException {
    writeIndexes(activeIndex().freeze());
  }

  /** Closes the segment, whose index is written: it leaves the heap and nothing more is added. */
  public void close() {
    store.indexes().put(this, activeIndex().freeze());
    active = null;
  }

  /** Without a force: what is lost or torn is rebuilt. */
  void writeIndexes(SegmentIndexes indexes) throws IOException {
    for (IndexKind kind : IndexKind.values()) {
      Path path = SegmentFiles.index(folder, baseOffset, kind);
      store.disk().write(path, IndexFile.encode(kind, indexes.entries(kind), sizeBytes));
    }
  }

  /** Cuts the segment to its first bytes, a whole number of batches, and makes it active. */
  public void truncate(long newSizeBytes, ActiveIndex index) throws IOException {
    activate(index);
    store.indexes().invalidate(this);
    sizeBytes = newSizeBytes;
    OpenFile open = acquire();
    try {
      cutBack(open);
    } finally {
      open.release();
    }
    deleteIndexFiles();
  }

  // ---- reading: any thread

  /** Where things are in this segment. */
  public SegmentIndex index() throws IOException {
    ActiveIndex index = active;
    return index != null
        ? index
        : store.indexes().get(this, () -> IndexRebuild.loadOrRebuild(this));
  }

  /** The open file, with a reference that the caller releases. */
  public OpenFile acquire() throws IOException {
    return store.files().acquire(this, () -> new OpenFile(open()));
  }

  private DiskFile open() throws IOException {
    OpenMode mode = isActive() ? OpenMode.READ_WRITE : OpenMode.READ;
    synchronized (naming) {
      return store.disk().open(file, mode);
    }
  }

  /** What is wrong with its batches, as far as anybody has looked; null when nothing is known. */
  public @Nullable String damage() {
    return damage;
  }

  /** Its batches are not to be served any more; false when that was known. */
  public boolean damaged(String reason) {
    boolean isNew = damage == null;
    damage = reason;
    return isNew;
  }

  // ---- deletion

  /** Keeps the file from being removed; false when it is gone already. */
  public boolean retain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  public void release() {
    if (references.decrementAndGet() == 0) {
      remove();
    }
  }

  /**
   * Takes the segment out of the log's folder: its file gets a name that no start takes for a
   * segment, its indexes go. The log's reference is released by the caller, later.
   *
   * @param uniqueSuffix tells two deleted segments of the same base offset apart
   */
  public void rename(String uniqueSuffix) throws IOException {
    String name = file.getFileName() + "." + uniqueSuffix + SegmentFiles.DELETED;
    Path deleted = folder.resolve(name);
    synchronized (naming) {
      store.disk().move(file, deleted);
      file = deleted;
    }
    deleteIndexFiles();
  }

  private void deleteIndexFiles() throws IOException {
    for (IndexKind kind : IndexKind.values()) {
      store.disk().delete(SegmentFiles.index(folder, baseOffset, kind));
    }
  }

  private void remove() {
    forget();
    try {
      store.disk().delete(file);
    } catch (IOException e) {
      log.warn("Removing {} failed: {}", file, e.getMessage());
    }
  }

  /** Drops what the caches hold of it. */
  public void forget() {
    store.files().invalidate(this);
    store.indexes().invalidate(this);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
