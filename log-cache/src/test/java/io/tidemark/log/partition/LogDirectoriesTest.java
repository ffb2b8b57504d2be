package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.DATA;
import static io.tidemark.log.partition.LogNode.ORDERS;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.recovery.Checkpoint;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

class LogDirectoriesTest {
  private static final Path FOLDER = DATA.resolve("orders-0");

  private static LogNode nodeWithSegments() {
    LogNode node = LogNode.started(3);
    PartitionLog log = node.log();
    for (int i = 0; i < 40; i++) {
      append(log, batch(i, 1, 300));
    }
    return node;
  }

  private static LogDirectory directory(LogNode node) {
    return node.directories().directories().getFirst();
  }

  private static Path closedSegment(LogNode node) {
    return SegmentFiles.log(FOLDER, node.log().closedSegments().get(1).baseOffset());
  }

  private static String offlineReason(LogNode node) {
    return requireNonNull(directory(node).offlineLogs().get(ORDERS));
  }

  // ---- whom a folder belongs to

  @Test
  @Scenario("S-43")
  void aFolderRemembersItsClusterNodeAndId() throws IOException {
    LogNode node = LogNode.started(1);
    Uuid id = directory(node).directoryId();
    String meta =
        new String(node.disk.readAll(DATA.resolve("meta.properties")), StandardCharsets.UTF_8);
    assertThat(meta)
        .isEqualTo("version=1\ncluster.id=cluster\nnode.id=1\ndirectory.id=" + id + "\n");
    node.restart();
    assertThat(directory(node).directoryId()).isEqualTo(id);
    assertThat(node.directories().clusterId()).contains("cluster");
    assertThatThrownBy(() -> node.directories().identify("other"))
        .isInstanceOf(WrongDirectoryException.class)
        .hasMessageContaining("/data belongs to cluster cluster");
  }

  @Test
  @Scenario("S-42")
  void aFolderOfAnotherNodeOrInUseIsRefused() {
    LogNode node = LogNode.started(1);
    LogResources resources =
        new LogResources(
            node.disk, node.time, new SplittableRandom(1), node.timer(), path -> Runnable::run);
    assertThatThrownBy(
            () -> LogDirectories.open(List.of(DATA), LogDirectorySettings.defaults(1), resources))
        .isInstanceOf(WrongDirectoryException.class)
        .hasMessageContaining("in use");
    node.directories().close();
    assertThatThrownBy(
            () -> LogDirectories.open(List.of(DATA), LogDirectorySettings.defaults(2), resources))
        .isInstanceOf(WrongDirectoryException.class)
        .hasMessageContaining("belongs to node 1, this is node 2");
    LogDirectories.open(List.of(DATA), LogDirectorySettings.defaults(1), resources).close();
  }

  // ---- deletion and the same name again

  @Test
  void aReaderOfADeletedLogNeverSeesTheNewOneOfItsName() {
    LogNode node = LogNode.started(3);
    fill(node.log(), 1_000);
    node.log().advanceLogStart(1);
    node.restart(); // no file is open now
    PartitionLog old = node.log();
    TopicIdPartition again = new TopicIdPartition(new Uuid(8, 8), ORDERS.topicPartition());
    AtomicBoolean isRecreated = new AtomicBoolean();
    node.disk.slow(
        SimulatedDisk.Call.READ,
        file -> file.equals(SegmentFiles.log(FOLDER, 0)) && isRecreated.compareAndSet(false, true),
        () -> {
          node.directories().delete(ORDERS);
          fill(node.directories().create(again, node.config), 2_000);
        });

    // The first segment has such a time, but only below the log start: the next ones are opened.
    assertThatThrownBy(() -> old.offsetForTimestamp(39, Long.MAX_VALUE))
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("it is deleted");
    assertThat(isRecreated).isTrue();
  }

  private static void fill(PartitionLog log, int firstTimestampMs) {
    append(log, batch(firstTimestampMs, 1, 300));
    for (int i = 1; i < 40; i++) {
      append(log, batch(i, 1, 300));
    }
  }

  // ---- how the last process ended

  @Test
  void theKindOfStopIsKnown() {
    LogNode node = LogNode.started(1);
    assertThat(directory(node).stopKind()).isEqualTo(StopKind.FIRST_START);
    node.restart();
    assertThat(directory(node).stopKind()).isEqualTo(StopKind.CLEAN);
    node.killProcess();
    assertThat(directory(node).stopKind()).isEqualTo(StopKind.PROCESS_DIED);
    node.crash();
    assertThat(directory(node).stopKind()).isEqualTo(StopKind.UNCLEAN);
    node.killProcess();
    assertThat(directory(node).stopKind()).isEqualTo(StopKind.PROCESS_DIED);
  }

  @Test
  void anUncleanStopStaysOneUntilTheQuorumKnows() {
    LogNode node = LogNode.started(1);
    node.log();
    node.disk.crash();
    LogResources resources =
        new LogResources(
            node.disk, node.time, new SplittableRandom(1), node.timer(), path -> Runnable::run);
    LogDirectories untold =
        LogDirectories.open(List.of(DATA), LogDirectorySettings.defaults(1), resources);
    untold.identify("cluster");
    untold.recover(topic -> node.config);
    node.disk.killProcess();

    node.start();

    assertThat(directory(node).stopKind()).isEqualTo(StopKind.UNCLEAN);
  }

  @Test
  void afterACleanStopNoSegmentIsRead() {
    LogNode node = nodeWithSegments();
    node.directories().close();
    List<Path> read = new ArrayList<>();
    node.disk.slow(SimulatedDisk.Call.READ, SegmentFileMatch::isLog, () -> read.add(DATA));

    node.start();

    assertThat(read).isEmpty();
    assertThat(node.log().offsets().logEndOffset()).isEqualTo(40);
  }

  @Test
  void anIdleLogIsNotWrittenToByStartAndStop() {
    LogNode node = nodeWithSegments();
    node.restart();
    List<Path> written = new ArrayList<>();
    node.disk.slow(
        SimulatedDisk.Call.WRITE, file -> file.startsWith(FOLDER), () -> written.add(FOLDER));
    node.restart();
    node.directories().close();
    assertThat(written).isEmpty();
  }

  /** Names of segments' files. */
  private static final class SegmentFileMatch {
    static boolean isLog(Path file) {
      return file.toString().endsWith(SegmentFiles.LOG);
    }
  }

  @Test
  @Scenario("S-138")
  void offsetsAreCheckpointed() {
    LogNode node = nodeWithSegments();
    node.log().advanceLogStart(7);
    node.log().highWatermarkAdvanced(33);
    node.restart();
    assertThat(node.log().offsets().logStartOffset()).isEqualTo(7);
    assertThat(node.log().checkpointedHighWatermark()).hasValue(33);
    assertThat(node.log().recoveryPoint()).isEqualTo(40);

    node.log().advanceLogStart(9);
    node.timer().advanceMs(60_000);
    node.killProcess();
    assertThat(node.log().offsets().logStartOffset()).isEqualTo(9);
  }

  @Test
  void theCheckpointIsReadable() throws IOException {
    LogNode node = nodeWithSegments();
    node.restart();
    assertThat(
            new String(
                node.disk.readAll(Checkpoint.RECOVERY_POINTS.file(DATA)),
                StandardCharsets.US_ASCII))
        .isEqualTo("1\n1\nAAAAAAAAAAcAAAAAAAAABw 0 40\ncrc32c cc14bed6\n");
    node.directories().close();
    assertThat(
            new String(
                node.disk.readAll(Checkpoint.CLEAN_STOP.file(DATA)), StandardCharsets.US_ASCII))
        .isEqualTo("1\n1\nAAAAAAAAAAcAAAAAAAAABw 0 40 30 4 14950 0\ncrc32c 64ec5b40\n");
  }

  // ---- damage

  @Test
  @Scenario("S-87")
  void aDamagedClosedSegmentTakesTheLogOffline() {
    LogNode node = nodeWithSegments();
    Path segment = closedSegment(node);
    // Nothing of this log was checkpointed: all of it is read again.
    node.disk.rot(segment, 400);

    node.killProcess();

    assertThat(offlineReason(node)).contains(segment.toString()).contains("wrong CRC");
    assertThatThrownBy(node::log).isInstanceOf(KafkaStorageException.class);
    assertThat(directory(node).isOnline()).isTrue();
  }

  @Test
  @Scenario("S-87")
  void damageBelowTheRecoveryPointTakesTheLogOfflineEvenAfterAPowerLoss() {
    LogNode node = LogNode.started(3);
    for (int i = 0; i < 10; i++) {
      append(node.log(), batch(i, 1, 100));
    }
    node.log().flush();
    node.directories().checkpoint();
    node.disk.rot(SegmentFiles.log(FOLDER, 0), 100);

    node.crash();

    assertThat(offlineReason(node)).contains("wrong CRC");
  }

  @Test
  @Scenario("S-87")
  void damageInsideTheLastSegmentIsNotTakenForATornTail() {
    LogNode node = LogNode.started(3);
    for (int i = 0; i < 10; i++) {
      append(node.log(), batch(i, 1, 100));
    }
    node.disk.rot(SegmentFiles.log(FOLDER, 0), 100);

    node.killProcess();

    assertThat(offlineReason(node)).contains("wrong CRC");
  }

  @Test
  @Scenario({"S-85", "S-86"})
  void aTornTailIsCut() throws IOException {
    LogNode node = LogNode.started(3);
    for (int i = 0; i < 10; i++) {
      append(node.log(), batch(i, 1, 100));
    }
    Path file = SegmentFiles.log(FOLDER, 0);
    long sizeBytes = node.disk.sizeBytes(file);
    for (int variant = 0; variant < 3; variant++) {
      try (DiskFile opened = node.disk.open(file, OpenMode.READ_WRITE)) {
        ByteBuffer torn = batch(77, 1, 100);
        switch (variant) {
          case 0 -> opened.write(torn.limit(30), sizeBytes);
          case 1 -> opened.write(torn.limit(100), sizeBytes);
          default -> opened.write(ByteBuffer.allocate(1000), sizeBytes);
        }
      }
      node.killProcess();
      assertThat(recordValues(node.log())).hasSize(10);
      assertThat(node.disk.sizeBytes(file)).isEqualTo(sizeBytes);
    }
  }

  @Test
  @Scenario("S-90")
  void aMissingSegmentTakesTheLogOffline() throws IOException {
    LogNode node = nodeWithSegments();
    Path segment = closedSegment(node);
    node.directories().close();
    node.disk.delete(segment);

    node.start();

    assertThat(offlineReason(node)).contains("next segment begins at");
  }

  @Test
  @Scenario("S-90")
  void aMissingLastSegmentTakesTheLogOffline() throws IOException {
    LogNode node = nodeWithSegments();
    long base = node.log().offsets().activeSegmentBaseOffset();
    node.directories().close();
    node.disk.delete(SegmentFiles.log(FOLDER, base));

    node.start();

    assertThat(offlineReason(node)).contains("durable up to offset 40");
  }

  @Test
  @Scenario("S-84")
  void anUnreadableSegmentTakesOnlyItsLogOffline() {
    LogNode node = nodeWithSegments();
    append(node.directories().create(payments(), node.config), batch(1, "paid"));
    node.disk.fail(SimulatedDisk.Call.READ, FOLDER.resolve("00000000000000000000.log")::equals, 1);

    assertThatThrownBy(() -> recordValues(node.log())).isInstanceOf(KafkaStorageException.class);

    assertThat(offlineReason(node)).contains("Input/output error");
    assertThat(recordValues(node.directories().log(payments()).orElseThrow()))
        .containsExactly("paid");
  }

  private static TopicIdPartition payments() {
    return new TopicIdPartition(new Uuid(8, 8), 3, "payments");
  }

  @Test
  @Scenario({"S-88", "S-89"})
  void lostAndDamagedIndexesAreMadeAgain() throws IOException {
    LogNode node = nodeWithSegments();
    List<String> before = recordValues(node.log());
    node.directories().close();
    for (Path file : node.disk.list(FOLDER)) {
      for (IndexKind kind : IndexKind.values()) {
        if (SegmentFiles.offset(file, kind.suffix()).isPresent()) {
          if (file.hashCode() % 2 == 0) {
            node.disk.delete(file);
          } else {
            node.disk.rot(file, 20);
          }
        }
      }
    }
    node.start();
    assertThat(recordValues(node.log())).isEqualTo(before);
    assertThat(node.log().offsetForTimestamp(20, Long.MAX_VALUE))
        .contains(new TimestampedOffset(20, 20, 0));
  }

  @Test
  @Scenario("S-89")
  void foreignFilesAreLeftAlone() throws IOException {
    LogNode node = nodeWithSegments();
    Path inLog = FOLDER.resolve("notes.txt");
    Path inDirectory = DATA.resolve("README");
    Path folder = DATA.resolve("lost+found");
    node.disk.write(inLog, ByteBuffer.wrap(new byte[3]));
    node.disk.write(inDirectory, ByteBuffer.wrap(new byte[3]));
    node.disk.createDirectories(folder);
    node.disk.createDirectories(DATA.resolve("quorum"));

    node.restart();

    assertThat(recordValues(node.log())).hasSize(40);
    assertThat(node.disk.exists(inLog)).isTrue();
    assertThat(node.disk.exists(inDirectory)).isTrue();
    assertThat(node.disk.exists(folder)).isTrue();
  }

  // ---- several directories

  @Test
  @Scenario("S-96")
  void aFailedDirectoryTakesDownOnlyItsOwnLogs() {
    LogNode node = new LogNode(5, Path.of("/one"), Path.of("/two"));
    node.recover();
    PartitionLog first = node.log();
    PartitionLog second = node.directories().create(payments(), node.config);
    assertThat(first.logDirectory()).isNotEqualTo(second.logDirectory());
    List<LogDirectory> failed = new ArrayList<>();
    node.directories().onDirectoryFailure(failed::add);
    node.disk.fail(SimulatedDisk.Call.WRITE, file -> file.startsWith(first.logDirectory()), 1000);

    assertThatThrownBy(() -> append(first, batch(1, "lost")))
        .isInstanceOf(KafkaStorageException.class);

    assertThat(failed).hasSize(1);
    assertThat(first.offlineReason()).isNotNull();
    append(second, batch(1, "fine"));
    assertThat(recordValues(second)).containsExactly("fine");
    assertThatThrownBy(() -> node.directories().create(ORDERS, node.config).read(0, 1, 1, true))
        .isInstanceOf(KafkaStorageException.class);
    TopicIdPartition fresh = new TopicIdPartition(new Uuid(9, 9), 0, "fresh");
    assertThat(node.directories().create(fresh, node.config).logDirectory())
        .isEqualTo(second.logDirectory());
  }

  @Test
  @Scenario("S-96")
  void aDirectoryThatCannotBeReadMayHoldWhatIsAskedFor() {
    LogNode node = new LogNode(5, Path.of("/one"), Path.of("/two"));
    node.recover();
    node.log();
    node.directories().close();
    node.disk.fail(SimulatedDisk.Call.LIST, Path.of("/one")::equals, 1);

    node.start();

    assertThatThrownBy(() -> node.directories().create(payments(), node.config))
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("may be in /one");
    assertThat(node.directories().create(payments(), node.config, true).logDirectory())
        .isEqualTo(Path.of("/two"));
  }

  // ---- deletion

  @Test
  void aDeletedLogGoesLaterAndItsNameIsFreeAtOnce() throws IOException {
    LogNode node = nodeWithSegments();
    LogSlice slice = node.log().read(0, 1000, 40, true);

    node.directories().delete(ORDERS);
    node.directories().delete(ORDERS);

    assertThat(node.directories().log(ORDERS)).isEmpty();
    assertThat(slice.toBuffer().remaining()).isEqualTo(1000);
    slice.release();
    TopicIdPartition again = new TopicIdPartition(new Uuid(1, 1), 0, "orders");
    append(node.directories().create(again, node.config), batch(1, "new"));
    node.timer().advanceMs(node.config.fileDeleteDelayMs());
    assertThat(node.disk.list(DATA)).noneMatch(file -> file.toString().endsWith("-delete"));
    node.restart();
    assertThat(recordValues(node.directories().log(again).orElseThrow())).containsExactly("new");
  }

  @Test
  void aFlushThatLosesItsLogToADeletionDoesNotFailTheDirectory() {
    LogNode node = nodeWithSegments();
    PartitionLog log = node.log();
    node.disk.slow(
        SimulatedDisk.Call.FORCE, SegmentFileMatch::isLog, () -> node.directories().delete(ORDERS));
    node.disk.fail(SimulatedDisk.Call.FORCE, SegmentFileMatch::isLog, 1);

    assertThatThrownBy(log::flush).isInstanceOf(KafkaStorageException.class);

    node.disk.heal();
    assertThat(directory(node).isOnline()).isTrue();
    append(node.directories().create(payments(), node.config), batch(1, "on"));
  }

  @Test
  void aLogOfADeletedTopicGivesWayToItsNamesake() {
    LogNode node = nodeWithSegments();
    TopicIdPartition again = new TopicIdPartition(new Uuid(1, 1), 0, "orders");

    PartitionLog fresh = node.directories().create(again, node.config);
    append(fresh, batch(1, "new"));

    assertThat(recordValues(fresh)).containsExactly("new");
    assertThat(node.directories().log(ORDERS)).isEmpty();
    node.restart();
    assertThat(recordValues(node.directories().log(again).orElseThrow())).containsExactly("new");
  }

  @Test
  void leftOversOfDeletionsAreRemovedAtStart() throws IOException {
    LogNode node = nodeWithSegments();
    node.directories().delete(ORDERS);
    node.killProcess();
    assertThat(node.disk.list(DATA)).noneMatch(file -> file.toString().endsWith("-delete"));
  }

  // ---- room

  @Test
  void aNearlyFullDirectorySaysSo() {
    LogNode node = LogNode.started(1);
    SimulatedDisk disk = node.disk;
    disk.capacityBytes(1_000_000);
    node.time.advanceMs(1001);
    assertThat(directory(node).usableBytes()).isBetween(990_000L, 1_000_000L);
    disk.capacityBytes(0);
    assertThat(directory(node).usableBytes()).isPositive();
    node.time.advanceMs(1001);
    assertThat(directory(node).usableBytes()).isZero();
    assertThat(directory(node).isNearlyFull()).isFalse();
  }
}
