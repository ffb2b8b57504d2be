package io.tidemark.log.recovery;

import io.tidemark.log.disk.CheckedLines;
import io.tidemark.log.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a log directory with a line for each of its logs, replaced as a whole: {@link
 * CheckedLines}, {@code <topic id> <partition> <value>}. A damaged one counts as absent, which is
 * always safe: more is read at start. Stateless.
 *
 * @param <V> what is noted of a log
 */
public final class Checkpoint<V> {
  private static final Logger log = LoggerFactory.getLogger(Checkpoint.class);

  private final String fileName;
  private final Function<V, String> write;
  private final Function<List<String>, @Nullable V> read;

  private Checkpoint(
      String fileName, Function<V, String> write, Function<List<String>, @Nullable V> read) {
    this.fileName = fileName;
    this.write = write;
    this.read = read;
  }

  /** Everything below is durable. */
  public static final Checkpoint<Long> RECOVERY_POINTS =
      offsets("recovery-point-offset-checkpoint");

  /** The first offset a client may read. */
  public static final Checkpoint<Long> LOG_STARTS = offsets("log-start-offset-checkpoint");

  public static final Checkpoint<Long> HIGH_WATERMARKS = offsets("replication-offset-checkpoint");

  /** Present after a clean stop only: the marker itself. */
  public static final Checkpoint<CleanLog> CLEAN_STOP =
      new Checkpoint<>("clean-shutdown", CleanLog::toLine, CleanLog::parse);

  private static Checkpoint<Long> offsets(String fileName) {
    return new Checkpoint<>(
        fileName,
        offset -> Long.toString(offset),
        words -> words.size() == 1 ? Long.valueOf(words.get(0)) : null);
  }

  public Path file(Path directory) {
    return directory.resolve(fileName);
  }

  public String fileName() {
    return fileName;
  }

  public void write(Disk disk, Path directory, Map<LogKey, V> values) throws IOException {
    List<String> lines = new ArrayList<>(values.size());
    values.forEach((key, value) ->
        lines.add(key.topicId() + " " + key.partition() + " " + write.apply(value)));
    lines.sort(null);
    disk.writeAtomically(file(directory), CheckedLines.encode(lines));
  }

  /** What is noted; null when there is no file or it is damaged. */
  public @Nullable Map<LogKey, V> read(Disk disk, Path directory) throws IOException {
    List<String> lines;
    try {
      lines = CheckedLines.decode(disk.readAll(file(directory)));
    } catch (NoSuchFileException e) {
      return null;
    }
    Map<LogKey, V> values = lines == null ? null : parse(lines);
    if (values == null) {
      log.warn("{} is damaged and counts as absent", file(directory));
    }
    return values;
  }

  private @Nullable Map<LogKey, V> parse(List<String> lines) {
    Map<LogKey, V> values = HashMap.newHashMap(lines.size());
    try {
      for (String line : lines) {
        List<String> words = Arrays.asList(line.split(" ", -1));
        V value = read.apply(words.subList(2, words.size()));
        if (value == null) {
          return null;
        }
        values.put(
            new LogKey(Uuid.fromString(words.get(0)), Integer.parseInt(words.get(1))), value);
      }
      return values;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }
}
