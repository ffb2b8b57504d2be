package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidemark.gateway.config.IdentityKeys;
import io.tidemark.gateway.config.NetworkKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.QuorumVoter;
import io.tidemark.gateway.net.EventLoops;
import io.tidemark.gateway.peer.ConnectedPeers;
import io.tidemark.gateway.peer.LoggedInTransport;
import io.tidemark.gateway.peer.NettyTransport;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.gateway.security.auth.Login;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumSettings;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.metadata.quorum.RatisQuorum;
import io.tidemark.metadata.quorum.Voter;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStores;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Apache Ratis, the store that {@code tiering.store} names, and nodes over TCP. */
public final class RealBackends implements NodeBackends {
  private static final int STORE_DISK_THREADS = 4;

  @Override
  public Quorum openQuorum(NodeConfig config, NodePorts ports, Optional<QuorumTls> tls)
      throws IOException {
    List<Voter> voters = config.quorumVoters().stream().map(RealBackends::voter).toList();
    RatisQuorum quorum =
        RatisQuorum.open(
            QuorumSettings.of(config.nodeId(), voters, config.metadataLogDir())
                .withElectionTimeoutMs(
                    config.getLong(IdentityKeys.CONTROLLER_QUORUM_ELECTION_TIMEOUT_MS))
                .withCompany(
                    new QuorumSettings.Company(
                        config.quorumMayGrow(),
                        config.getBoolean(IdentityKeys.CONTROLLER_QUORUM_AUTO_JOIN_ENABLE)))
                .withTls(tls),
            ports.time(),
            ports.thread("quorum"));
    quorum.watchLeader(ports.thread("leader-watch"));
    return quorum;
  }

  @Override
  public Peers openPeers(NodeConfig config, NodePorts ports, PeerSecurity security) {
    return new ConnectedPeers(
        "node-" + config.nodeId(),
        new NettyTransport(
            () -> EventLoops.open(1, new DefaultThreadFactory("peer-loop", true)),
            security.engines()),
        ports.thread("peers"),
        ports.random(),
        security.login());
  }

  @Override
  public PeerTransport openUpstreams(NodeConfig config, NodePorts ports, PeerSecurity security) {
    PeerTransport network =
        new NettyTransport(
            () ->
                EventLoops.open(
                    config.getInt(NetworkKeys.NUM_NETWORK_THREADS),
                    new DefaultThreadFactory("upstream-loop", true)),
            security.engines());
    Login login = security.login();
    return login == null
        ? network
        : new LoggedInTransport(
            network, "gateway-" + config.nodeId(), login, ports.thread("upstream-login"));
  }

  @Override
  public @Nullable ObjectStore openStore(NodeConfig config, NodePorts ports, MeterRegistry meters) {
    Optional<String> location = config.tieringStore();
    if (location.isEmpty()) {
      return null;
    }
    return new ObjectStores(
            ports.disk(),
            ports.pool("store-disk", STORE_DISK_THREADS),
            ports.time(),
            ports.random(),
            meters)
        .open(NodeSettings.store(config, location.get()));
  }

  private static Voter voter(QuorumVoter voter) {
    return new Voter(voter.id(), voter.address().host(), voter.address().port());
  }
}
