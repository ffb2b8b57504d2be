package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Time;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
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
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !files("snapshot\\.\\d+_\\d+").isEmpty());
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
  @Scenario("S-58")
  void metadataOfALaterReleaseStopsTheVoterWithALineThatSaysSo() throws Exception {
    open().close();
    writeAsALaterReleaseWould();
    RatisQuorum quorum = (RatisQuorum) openVoter();
    try {
      assertThatThrownBy(() -> await(quorum.stopped()))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be applied, the node must stop")
          .hasMessageContaining("newer release")
          .hasMessageContaining(directory.toString());
      assertThatThrownBy(() -> await(quorum.updatesAfter(quorum.image().version())))
          .hasCauseInstanceOf(QuorumException.Closed.class);
    } finally {
      quorum.close();
    }
  }

  /** An entry in a format of its own, written by a server that does not look into it. */
  private void writeAsALaterReleaseWould() throws Exception {
    CompletableFuture<String> met = new CompletableFuture<>();
    try (RatisServer later =
        RatisServer.over(
            settings(1), RatisSettings.group(settings(1).voters()), new Unconcerned(met))) {
      later.start();
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> later.leads(later.term()));
      byte[] laterFormat = {8, 2, 16, 4};
      var _ =
          later.submit(
              later.nextCallId(),
              Message.valueOf(ByteString.copyFrom(laterFormat)),
              RaftClientRequest.writeRequestType());
      assertThat(met.get(60, TimeUnit.SECONDS)).contains("cannot be applied");
    }
  }

  private record Unconcerned(CompletableFuture<String> met) implements ImageStateMachine.Events {
    @Override
    public void leadershipMayHaveChanged() {}

    @Override
    public boolean handedOver(long callId) {
      return true;
    }

    @Override
    public void votersChanged() {}

    @Override
    public void dismissed() {}

    @Override
    public void failed(String what, Throwable why) {
      met.complete(what);
    }
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
