package io.tidemark.metadata.quorum;

import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * The transport of a voter that is alone: none. It opens no port, loads no network code and has
 * nobody to talk to.
 *
 * <p>Public with a public constructor because Ratis makes it by its class name.
 */
public final class SoloRpc implements RpcType {

  @Override
  public String name() {
    return SoloRpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory();
  }

  private static final class Factory implements ServerFactory {

    @Override
    public RpcType getRpcType() {
      return new SoloRpc();
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new Nowhere();
    }
  }

  private static final class Nowhere implements RaftServerRpc {

    @Override
    public RpcType getRpcType() {
      return new SoloRpc();
    }

    @Override
    public void start() {}

    @Override
    public InetSocketAddress getInetSocketAddress() {
      return InetSocketAddress.createUnresolved("localhost", 0);
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {}

    @Override
    public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {}

    @Override
    public void close() {}

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) {
      throw alone();
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) {
      throw alone();
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) {
      throw alone();
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
        StartLeaderElectionRequestProto request) {
      throw alone();
    }

    private static IllegalStateException alone() {
      return new IllegalStateException("A voter that is alone has nobody to talk to");
    }
  }
}
