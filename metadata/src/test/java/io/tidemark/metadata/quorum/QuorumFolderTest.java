package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuorumFolderTest {
  private static final long MUCH = 1L << 30;
  private static final long LITTLE = QuorumFolder.LOW_BYTES - 1;

  @TempDir Path directory = Path.of("");
  private final AtomicLong free = new AtomicLong();
  private Path reserve = Path.of("");

  @BeforeEach
  void nameReserve() {
    reserve = directory.resolve("reserve");
  }

  private QuorumFolder open() throws IOException {
    return QuorumFolder.open(directory, 1, any -> free.get());
  }

  @Test
  void aFolderKeepsAReserve() throws IOException {
    free.set(MUCH);
    open().close();
    assertThat(reserve).hasSize(QuorumFolder.RESERVE_BYTES);
  }

  @Test
  void aStartOnAFullDiskGivesTheReserveUp() throws IOException {
    free.set(MUCH);
    open().close();
    free.set(LITTLE);
    open().close();
    assertThat(reserve).doesNotExist();
  }

  @Test
  void aStartOnAFullDiskWithoutAReserveGoesOnWithoutOne() throws IOException {
    free.set(LITTLE);
    try (QuorumFolder folder = open()) {
      assertThat(reserve).doesNotExist();
      free.set(MUCH);
      folder.checkSpace();
      assertThat(reserve).hasSize(QuorumFolder.RESERVE_BYTES);
    }
  }

  @Test
  void aReserveCutShortByAFullDiskIsNone() throws IOException {
    Files.createDirectories(directory);
    Files.write(reserve, new byte[1_000]);
    free.set(LITTLE);
    open().close();
    assertThat(reserve).doesNotExist();
  }

  @Test
  void howTheVoterCameToItsQuorumIsALine() throws Exception {
    Path home = directory.resolve("voter");
    try (QuorumFolder folder = QuorumFolder.open(home, 1)) {
      assertThat(folder.membership()).isEqualTo(QuorumFolder.Membership.FOUNDER);
      folder.become(QuorumFolder.Membership.JOINING);
      assertThat(home.resolve("membership")).hasContent("joining\n");
      folder.become(QuorumFolder.Membership.OUTSIDE);
    }
    try (QuorumFolder folder = QuorumFolder.open(home, 1)) {
      assertThat(folder.membership()).isEqualTo(QuorumFolder.Membership.OUTSIDE);
      Files.writeString(home.resolve("membership"), "observing\n");
      assertThatThrownBy(folder::membership).hasMessageContaining("later release");
    }
  }
}
