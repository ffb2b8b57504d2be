package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.quorum.ModelLog;
import io.tidemark.metadata.quorum.ModelQuorum;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EarlyVoterTest {
  private final NodePorts ports = new MachinePorts();
  private final CountDownLatch opened = new CountDownLatch(1);
  private final List<Quorum> voters = new CopyOnWriteArrayList<>();

  @AfterEach
  void closePorts() {
    ports.close(1_000);
  }

  @Test
  void aLoneVoterOpensBeforeItIsAskedFor() throws Exception {
    NodeConfig config = config(Map.of());
    EarlyVoter early = EarlyVoter.begin(config, ports, new ModelledBackends());
    assertThat(opened.await(30, TimeUnit.SECONDS)).isTrue();

    Quorum voter = early.openQuorum(config, ports, Optional.empty());
    early.close();

    assertThat(voters).containsExactly(voter);
    assertThat(isClosed(voter)).as("it is closed by who asked for it").isFalse();
    voter.close();
  }

  @Test
  void aVoterThatNobodyAskedForIsClosed() throws Exception {
    EarlyVoter early = EarlyVoter.begin(config(Map.of()), ports, new ModelledBackends());

    early.close();

    assertThat(voters).hasSize(1).allMatch(EarlyVoterTest::isClosed);
  }

  @Test
  void whoAsksIsToldWhyItDidNotOpen() throws Exception {
    NodeConfig config = config(Map.of());
    NodeBackends broken =
        new ModelledBackends() {
          @Override
          public Quorum openQuorum(NodeConfig any, NodePorts those, Optional<QuorumTls> tls)
              throws IOException {
            throw new IOException("the folder is held");
          }
        };
    try (EarlyVoter early = EarlyVoter.begin(config, ports, broken)) {
      assertThatThrownBy(() -> early.openQuorum(config, ports, Optional.empty()))
          .isInstanceOf(IOException.class)
          .hasMessage("the folder is held");
    }
    EarlyVoter.begin(config, ports, broken).close();
  }

  @Test
  void oneAmongSeveralOpensWhenItIsAskedFor() throws Exception {
    NodeConfig config =
        config(
            Map.of(
                "listeners",
                "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0",
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                "1@127.0.0.1:21001,2@127.0.0.1:21002,3@127.0.0.1:21003"));
    try (EarlyVoter early = EarlyVoter.begin(config, ports, new ModelledBackends())) {
      assertThat(voters).isEmpty();

      early.openQuorum(config, ports, Optional.empty()).close();
    }
    assertThat(voters).hasSize(1);
  }

  private static boolean isClosed(Quorum voter) {
    return voter.updatesAfter(Long.MAX_VALUE).isCompletedExceptionally();
  }

  private static NodeConfig config(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("node.id", "1");
    settings.put("listeners", "PLAINTEXT://127.0.0.1:0");
    settings.put("log.dirs", "data");
    settings.putAll(more);
    return NodeConfig.of(settings);
  }

  /** Opens models of voters. */
  private class ModelledBackends implements NodeBackends {
    @Override
    public Quorum openQuorum(NodeConfig config, NodePorts those, Optional<QuorumTls> tls)
        throws IOException {
      Quorum voter = ModelQuorum.open(config.nodeId(), new ModelLog(1), those.thread("voter"));
      voters.add(voter);
      opened.countDown();
      return voter;
    }

    @Override
    public Peers openPeers(NodeConfig config, NodePorts those, PeerSecurity security) {
      throw new UnsupportedOperationException("no other nodes here");
    }

    @Override
    public @Nullable ObjectStore openStore(
        NodeConfig config, NodePorts those, MeterRegistry meters) {
      return null;
    }
  }
}
