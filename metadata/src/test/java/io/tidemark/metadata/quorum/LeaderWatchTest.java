package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderWatchTest {
  private static final Leadership OF_THREE = new Leadership(3, 7, false);

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Queue<Leadership> gone = new ConcurrentLinkedQueue<>();
  private ServerSocket port;
  private LeaderWatch watch;

  @BeforeEach
  void open() throws IOException {
    port = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    port.setSoTimeout(30_000);
    watch = watchOf(1);
  }

  private LeaderWatch watchOf(int nodeId) {
    List<Voter> voters =
        List.of(
            new Voter(1, "127.0.0.1", 1),
            new Voter(2, "127.0.0.1", 2),
            new Voter(3, "127.0.0.1", port.getLocalPort()));
    return new LeaderWatch(nodeId, () -> voters, gone::add, thread);
  }

  @AfterEach
  void close() throws IOException {
    watch.close();
    thread.shutdownNow();
    port.close();
  }

  @Test
  void aLeaderWhoseConnectionEndsAndWhosePortRefusesIsGone() throws IOException {
    watch.leads(OF_THREE);
    Socket held = port.accept();
    port.close();
    held.close();

    await().atMost(Duration.ofMinutes(1)).until(() -> gone.contains(OF_THREE));
  }

  @Test
  void aLeaderThatWasNeverThereIsGoneToo() throws IOException {
    port.close();
    watch.leads(OF_THREE);

    await().atMost(Duration.ofMinutes(1)).until(() -> gone.contains(OF_THREE));
  }

  @Test
  void aLeaderThatStillListensIsHeldAgain() throws IOException {
    watch.leads(OF_THREE);
    port.accept().close();
    port.accept().close(); // somebody looks whether it refuses
    Socket heldAgain = port.accept();

    assertThat(gone).isEmpty();
    heldAgain.close();
  }

  @Test
  void aLeaderThatFollowsIsWatchedInstead() throws Exception {
    watch.leads(OF_THREE);
    Socket held = port.accept();
    watch.leads(new Leadership(1, 8, true));

    assertThat(held.getInputStream().read()).isEqualTo(-1);
    port.close();
    thread.submit(() -> {}).get();
    assertThat(gone).isEmpty();
  }

  @Test
  void nobodyIsToldOnceTheWatchIsClosed() throws Exception {
    watch.leads(OF_THREE);
    Socket held = port.accept();
    watch.close();

    assertThat(held.getInputStream().read()).isEqualTo(-1);
    thread.submit(() -> {}).get();
    assertThat(gone).isEmpty();
  }
}
