package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Time;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisQuorumTest extends QuorumContract {
  @TempDir Path directory;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private int snapshotEntries = 1_000;

  @AfterEach
  void stopThread() {
    thread.shutdownNow();
  }

  @Override
  Quorum openVoter() throws IOException {
    return RatisQuorum.open(settings(1), Time.SYSTEM, thread);
  }

  private QuorumSettings settings(int nodeId) {
    return new QuorumSettings(
        nodeId, Voter.parse(nodeId + "@localhost:9093"), directory, 500, snapshotEntries);
  }

  @Test
  void aVoterThatIsAloneLeadsWithinAMoment() throws Exception {
    for (int i = 0; i < 5; i++) {
      long startMs = Time.SYSTEM.milliseconds();
      Quorum quorum = open();
      long leaderMs = Time.SYSTEM.milliseconds() - startMs;
      await(quorum.append(quorum.leadership().term(), List.of(config("a", "1"))));
      long closeStartMs = Time.SYSTEM.milliseconds();
      quorum.close();
      System.out.printf(
          "leader after %d ms, closed in %d ms%n",
          leaderMs, Time.SYSTEM.milliseconds() - closeStartMs);
    }
  }

  @Test
  void snapshotsShortenTheLogAndRestartsReadThem() throws Exception {
    snapshotEntries = 50;
    Quorum quorum = open();
    for (int i = 0; i < 180; i++) {
      await(
          quorum.append(
              quorum.leadership().term(), List.of(config("n" + i % 7, Integer.toString(i)))));
    }
    Awaitility.await().until(() -> !files("snapshot\\.\\d+_\\d+").isEmpty());
    var before = quorum.image();
    quorum.close();
    assertThat(open().image()).isEqualTo(before);
  }

  @Test
  void aTornTailOfTheLogIsCutAtRestart() throws Exception {
    Quorum quorum = open();
    long term = quorum.leadership().term();
    await(quorum.append(term, List.of(config("a", "1"))));
    // A copy of the folder as a killed process leaves it, with half an entry at its end.
    Path killed = Files.createDirectory(directory.resolveSibling(directory.getFileName() + "-k"));
    copy(directory, killed);
    quorum.close();
    directory = killed;
    Path open = files("log_inprogress_\\d+").getFirst();
    try (RandomAccessFile file = new RandomAccessFile(open.toFile(), "rw")) {
      long end = lastNonZero(file) + 1;
      file.seek(end);
      file.write(new byte[] {60, 8, 1, 16});
    }
    Quorum again = open();
    assertThat(value(again.image(), "a")).isEqualTo("1");
    await(again.append(again.leadership().term(), List.of(config("a", "2"))));
  }

  @Test
  void aFolderHeldByARunningVoterIsRefused() throws Exception {
    open();
    assertThatThrownBy(this::openVoter)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("held by another running node");
  }

  @Test
  void aFolderOfAnotherNodeIsRefused() throws Exception {
    open().close();
    assertThatThrownBy(() -> RatisQuorum.open(settings(2), Time.SYSTEM, thread))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to node 1, this is node 2");
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws Exception {
    directory = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(this::openVoter)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("metadata.log.dir");
  }

  private List<Path> files(String pattern) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(path -> path.getFileName().toString().matches(pattern)).toList();
    }
  }

  private static long lastNonZero(RandomAccessFile file) throws IOException {
    for (long position = file.length() - 1; position >= 0; position--) {
      file.seek(position);
      if (file.read() != 0) {
        return position;
      }
    }
    return -1;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : walk.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
