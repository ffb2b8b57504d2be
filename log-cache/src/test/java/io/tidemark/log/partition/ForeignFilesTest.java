package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.ORDERS;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.index.IndexKind;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/** What people and other programs leave in the folders of logs. */
@Scenario("S-89")
class ForeignFilesTest {
  private static final Path ONE = Path.of("/one");
  private static final Path TWO = Path.of("/two");

  private final LogNode node = new LogNode(5, ONE, TWO);

  private Path filled() {
    node.recover();
    for (int i = 0; i < 40; i++) {
      append(node.log(), batch(i, 1, 300));
    }
    node.directories().close();
    return ONE.resolve("orders-0");
  }

  private void assertWhole() {
    assertThat(recordValues(node.log())).hasSize(40);
  }

  @Test
  void filesAndFoldersWithNamesLikeOursAreLeftAlone() throws IOException {
    Path folder = filled();
    List<Path> foreign =
        List.of(
            folder.resolve("5.log"),
            folder.resolve("00000000000000000005.log.bak"),
            folder.resolve("99999999999999999999.log"),
            folder.resolve("backup.deleted/kept"),
            folder.resolve("backup.tmp/kept"),
            ONE.resolve("orders-0.bak/00000000000000000000.log"),
            ONE.resolve("notes-7/readme"));
    for (Path file : foreign) {
      node.disk.createDirectories(Objects.requireNonNull(file.getParent()));
      node.disk.write(file, ByteBuffer.wrap(new byte[3]));
    }

    node.start();

    assertWhole();
    node.restart();
    assertWhole();
    assertThat(foreign).allMatch(node.disk::exists);
  }

  @Test
  void anIndexThatIsLongerThanItsLogIsMadeAgain() throws IOException {
    Path folder = filled();
    for (IndexKind kind : IndexKind.values()) {
      Path file = SegmentFiles.index(folder, 0, kind);
      byte[] bytes = node.disk.readAll(file);
      node.disk.write(file, ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 4_096)));
    }
    node.start();
    assertWhole();
    assertThat(node.log().offsetForTimestamp(7, Long.MAX_VALUE))
        .contains(new TimestampedOffset(7, 7, 0));
  }

  @Test
  @Scenario("S-95")
  void aLogThatIsInTwoDirectoriesIsUsedInNeither() throws IOException {
    Path folder = filled();
    Path copy = TWO.resolve("orders-0");
    node.disk.createDirectories(copy);
    for (Path file : node.disk.list(folder)) {
      node.disk.write(copy.resolve(file.getFileName()), ByteBuffer.wrap(node.disk.readAll(file)));
    }

    node.start();

    assertThatThrownBy(node::log)
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("/one, /two");
    assertThat(node.directories().ids()).contains(ORDERS);
    node.directories().close();
    for (Path file : node.disk.list(copy)) {
      node.disk.delete(file);
    }
    node.disk.delete(copy);
    node.start();
    assertWhole();
  }
}
