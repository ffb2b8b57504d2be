package io.tidemark.metadata.quorum;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Apache Ratis over a voter's folder, from one start to its end: what it replicates, and the
 * requests that go straight into it. A voter that is dismissed gets a new one.
 *
 * <p>Without a log it listens, and takes no part in Raft until {@link #take} gives it one. Safe
 * from any thread.
 */
final class RatisServer implements AutoCloseable {
  private final ReplicatedImage replicated = new ReplicatedImage();
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final RaftServer server;

  /** Volatile because it comes later where there was no log, and any thread reads it. */
  private volatile RaftServer.@Nullable Division division;

  private RatisServer(
      QuorumSettings settings, @Nullable RaftGroup group, ImageStateMachine.Events events)
      throws IOException {
    RaftServer.Builder builder =
        RaftServer.newBuilder()
            .setServerId(RatisSettings.peerId(settings.nodeId()))
            .setProperties(RatisSettings.properties(settings))
            .setParameters(RatisTransport.serving(settings, id -> maySend(id, settings)))
            .setStateMachine(new ImageStateMachine(replicated, events))
            .setOption(RaftStorage.StartupOption.RECOVER);
    if (group != null) {
      builder.setGroup(group);
    }
    server = builder.build();
    division = group == null ? null : server.getDivision(RatisSettings.GROUP);
  }

  /**
   * Makes a server that does not run yet.
   *
   * @param group the voters it believes in where its log knows of none; null where it has no log
   *     and is to have none
   */
  static RatisServer over(
      QuorumSettings settings, @Nullable RaftGroup group, ImageStateMachine.Events events)
      throws IOException {
    return new RatisServer(settings, group, events);
  }

  void start() throws IOException {
    server.start();
  }

  /** Makes a log and takes part from now on. */
  void take(RaftGroup group) throws IOException {
    RaftClientReply reply =
        server.groupManagement(
            GroupManagementRequest.newAdd(
                clientId, server.getId(), callIds.incrementAndGet(), group));
    if (!reply.isSuccess()) {
      throw new IOException("No log can be made", reply.getException());
    }
    division = server.getDivision(RatisSettings.GROUP);
  }

  ReplicatedImage replicated() {
    return replicated;
  }

  boolean hasLog() {
    return division != null;
  }

  /** Who votes, as far as this server knows; nobody while it has no log or was told nothing. */
  List<Voter> voters() {
    RaftServer.Division mine = division;
    return mine == null ? List.of() : RatisSettings.voters(mine.getRaftConf().getCurrentPeers());
  }

  /**
   * Whether a node may send what voters send each other: whoever votes or is about to stop, and who
   * was configured to. While this one is outside it cannot know who votes.
   */
  private boolean maySend(int nodeId, QuorumSettings settings) {
    RaftServer.Division mine = division;
    List<Voter> now = voters();
    if (mine == null || !includes(now, settings.nodeId())) {
      return true;
    }
    return includes(now, nodeId)
        || includes(RatisSettings.voters(mine.getRaftConf().getPreviousPeers()), nodeId)
        || includes(settings.voters(), nodeId);
  }

  private static boolean includes(List<Voter> voters, int nodeId) {
    return voters.stream().anyMatch(voter -> voter.nodeId() == nodeId);
  }

  /** Whether a change of voters is only half committed. */
  boolean isChangingVoters() {
    RaftServer.Division mine = division;
    return mine != null && !mine.getRaftConf().getPreviousPeers().isEmpty();
  }

  Leadership leadership(int nodeId) {
    RaftServer.Division mine = division;
    if (mine == null) {
      return Leadership.UNKNOWN;
    }
    DivisionInfo info = mine.getInfo();
    // The term is read first: a newer one with the old role is refused when something is appended.
    long term = info.getCurrentTerm();
    boolean leads = info.isLeaderReady();
    RaftPeerId leader = info.getLeaderId();
    int leaderId = leader == null ? Leadership.NOBODY : RatisSettings.nodeId(leader);
    return new Leadership(leads ? nodeId : leaderId, term, leads);
  }

  long term() {
    RaftServer.Division mine = division;
    return mine == null ? Leadership.UNKNOWN.term() : mine.getInfo().getCurrentTerm();
  }

  boolean leads(long term) {
    RaftServer.Division mine = division;
    return mine != null
        && mine.getInfo().isLeaderReady()
        && mine.getInfo().getCurrentTerm() == term;
  }

  long nextCallId() {
    return callIds.incrementAndGet();
  }

  CompletableFuture<RaftClientReply> submit(
      long callId, Message message, RaftClientRequest.Type type) {
    RaftServer.Division mine = division;
    if (mine == null) {
      return CompletableFuture.failedFuture(new IOException("This voter is not in the quorum yet"));
    }
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(server.getId())
            .setGroupId(RatisSettings.GROUP)
            .setCallId(callId)
            .setMessage(message)
            .setType(type)
            .build();
    try {
      // The server's own entry would hand each request to a pool and lose their order.
      return ((RaftClientAsynchronousProtocol) mine).submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Stands for election at once, as if the leader had asked for it before it ended. What would be
   * unsafe in Raft is not done: whoever has less of the log than a majority is not elected.
   *
   * @return whether it does; not where it knows of another leader or a newer term, or lacks what
   *     the term began with
   */
  boolean standInsteadOf(Leadership gone) throws IOException {
    RaftServer.Division mine = division;
    TermIndex last = mine == null ? null : mine.getRaftLog().getLastEntryTermIndex();
    if (last == null) {
      return false;
    }
    StartLeaderElectionRequestProto request =
        StartLeaderElectionRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder()
                    .setRequestorId(RatisSettings.peerId(gone.leaderId()).toByteString())
                    .setReplyId(server.getId().toByteString())
                    .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(RatisSettings.GROUP))
                    .setCallId(nextCallId()))
            .setLeaderLastEntry(TermIndex.valueOf(gone.term(), last.getIndex()).toProto())
            .build();
    return server.startLeaderElection(request).getServerReply().getSuccess();
  }

  /** Changes who votes, if this server leads and it still is who the caller thinks. */
  CompletableFuture<RaftClientReply> change(List<Voter> current, List<Voter> next) {
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            clientId,
            server.getId(),
            RatisSettings.GROUP,
            callIds.incrementAndGet(),
            OtherVoters.compareAndSet(current, next));
    try {
      return server.setConfigurationAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The index up to which everything is committed, exclusive. */
  long highWatermark() {
    RaftServer.Division mine = division;
    return mine == null ? 0 : mine.getRaftLog().getLastCommittedIndex() + 1;
  }

  long nextIndex() {
    RaftServer.Division mine = division;
    return mine == null ? 0 : mine.getRaftLog().getNextIndex();
  }

  /**
   * How long ago another voter was heard of; −1 where that is not known, as the leader alone does.
   */
  long silentMs(int nodeId) {
    RaftServer.Division mine = division;
    if (mine == null) {
      return -1;
    }
    String id = Integer.toString(nodeId);
    for (ServerRpcProto heard :
        mine.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
      if (heard.getId().getId().toStringUtf8().equals(id)) {
        return heard.getLastRpcElapsedTimeMs();
      }
    }
    return -1;
  }

  /** The index after what another voter is known to have committed; −1 where that is not known. */
  long committedEnd(int nodeId) {
    RaftServer.Division mine = division;
    if (mine == null) {
      return -1;
    }
    String id = Integer.toString(nodeId);
    for (CommitInfoProto info : mine.getCommitInfos()) {
      if (info.getServer().getId().toStringUtf8().equals(id)) {
        return info.getCommitIndex() + 1;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
