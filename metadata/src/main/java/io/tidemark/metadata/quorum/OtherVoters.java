package io.tidemark.metadata.quorum;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.client.api.GroupManagementApi;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.util.ProtoUtils;
import org.apache.ratis.util.TimeDuration;

/**
 * What a voter that is not in the quorum asks of those that are, where they listen for each other.
 * Waits for answers, a few seconds at most. Any thread; keeps no connection.
 */
final class OtherVoters {
  private static final TimeDuration ASKING = TimeDuration.valueOf(1, TimeUnit.SECONDS);

  /** A voter that is added has to catch up first. */
  private static final TimeDuration CHANGING = TimeDuration.valueOf(20, TimeUnit.SECONDS);

  private OtherVoters() {}

  /** What another voter says about itself. */
  static Heard ask(Voter voter, QuorumSettings settings) {
    try (RaftClient client = client(List.of(voter), ASKING, settings)) {
      GroupManagementApi api = client.getGroupManagementApi(RatisSettings.peerId(voter.nodeId()));
      boolean hasLog = api.list().getGroupIds().contains(RatisSettings.GROUP);
      return hasLog ? described(api.info(RatisSettings.GROUP)) : new Heard.NoLog();
    } catch (IOException e) {
      return new Heard.Silence();
    }
  }

  private static Heard described(GroupInfoReply info) {
    RaftConfigurationProto voters =
        info.getConf().orElse(RaftConfigurationProto.getDefaultInstance());
    boolean isChanging = voters.getOldPeersCount() > 0;
    boolean hasEntries = info.getLogInfoProto().hasLastEntry();
    if (!hasEntries && voters.getPeersCount() > 0) {
      return new Heard.Forming();
    }
    return new Heard.InQuorum(
        RatisSettings.voters(ProtoUtils.toRaftPeers(voters.getPeersList())),
        info.getRoleInfoProto().getRole() == RaftPeerRole.LEADER && !isChanging);
  }

  /**
   * Replaces the voters, if they still are who the caller thinks, and waits until that is
   * committed.
   *
   * @param current who votes, the leader first
   * @throws IOException when they do not agree, or whether they do is not known
   */
  static void change(List<Voter> current, List<Voter> next, QuorumSettings settings)
      throws IOException {
    try (RaftClient client = client(current, CHANGING, settings)) {
      RaftClientReply reply = client.admin().setConfiguration(compareAndSet(current, next));
      if (!reply.isSuccess()) {
        throw new IOException(String.valueOf(reply.getException()), reply.getException());
      }
    }
  }

  static SetConfigurationRequest.Arguments compareAndSet(List<Voter> current, List<Voter> next) {
    return SetConfigurationRequest.Arguments.newBuilder()
        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
        .setServersInCurrentConf(RatisSettings.peers(current))
        .setServersInNewConf(RatisSettings.peers(next))
        .build();
  }

  private static RaftClient client(
      List<Voter> voters, TimeDuration timeout, QuorumSettings settings) {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    RaftClientConfigKeys.Rpc.setRequestTimeout(properties, timeout);
    return RaftClient.newBuilder()
        .setProperties(properties)
        .setParameters(RatisTransport.asking(settings))
        .setRaftGroup(RatisSettings.group(voters))
        .setLeaderId(RatisSettings.peerId(voters.getFirst().nodeId()))
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }
}
