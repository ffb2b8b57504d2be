package io.tidemark.metadata.quorum;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our settings in the words of Ratis. */
final class RatisSettings {
  /** The one group there is; the same in every cluster, for clusters never share a port. */
  static final RaftGroupId GROUP =
      RaftGroupId.valueOf(new UUID(0x7469_6465_6d61_726bL, 0x6d65_7461_6461_7461L));

  /** No pause is ever long enough to stop the voter for it. */
  private static final TimeDuration NEVER = TimeDuration.valueOf(365, TimeUnit.DAYS);

  private final QuorumSettings settings;
  private final RaftProperties properties = new RaftProperties();

  private RatisSettings(QuorumSettings settings) {
    this.settings = settings;
  }

  static RaftProperties properties(QuorumSettings settings) {
    RatisSettings made = new RatisSettings(settings);
    made.transport();
    made.timing();
    made.log();
    made.snapshots();
    return made.properties;
  }

  static RaftGroup group(List<Voter> voters) {
    return RaftGroup.valueOf(GROUP, peers(voters));
  }

  static List<RaftPeer> peers(List<Voter> voters) {
    return voters.stream()
        .map(v -> RaftPeer.newBuilder().setId(peerId(v.nodeId())).setAddress(v.address()))
        .map(RaftPeer.Builder::build)
        .toList();
  }

  static List<Voter> voters(Collection<RaftPeer> peers) {
    return peers.stream()
        .map(peer -> Voter.of(nodeId(peer.getId()), peer.getAddress()))
        .sorted(Comparator.comparingInt(Voter::nodeId))
        .toList();
  }

  static RaftPeerId peerId(int nodeId) {
    return RaftPeerId.valueOf(Integer.toString(nodeId));
  }

  static int nodeId(RaftPeerId peer) {
    return Integer.parseInt(peer.toString());
  }

  private void transport() {
    if (settings.isAlone()) {
      RaftConfigKeys.Rpc.setType(properties, new SoloRpc());
      return;
    }
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    listen(settings.self());
  }

  /** A voter the others find on this machine only is not offered to the rest of the network. */
  private void listen(Voter self) {
    GrpcConfigKeys.Server.setPort(properties, self.port());
    if (self.host().equals("localhost") || self.host().startsWith("127.")) {
      GrpcConfigKeys.Server.setHost(properties, self.host());
    }
  }

  private void timing() {
    long least = settings.isAlone() ? 20 : settings.electionTimeoutMs();
    Rpc.setTimeoutMin(properties, millis(least));
    Rpc.setTimeoutMax(properties, millis(2 * least));
    // Nobody can be leading yet, and the first to ask is elected.
    Rpc.setFirstElectionTimeoutMin(properties, millis(settings.isAlone() ? 1 : least / 4));
    Rpc.setFirstElectionTimeoutMax(properties, millis(settings.isAlone() ? 2 : least / 2));
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, !settings.isAlone());
    RaftServerConfigKeys.setCloseThreshold(properties, NEVER);
    // A voter that is added is given up after so long a silence, not after the second of Ratis.
    RaftServerConfigKeys.setStagingTimeout(properties, millis(10_000));
    if (settings.isAlone()) {
      RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, NEVER);
      RaftServerConfigKeys.setSleepDeviationThreshold(properties, NEVER);
    }
    Read.setOption(properties, Read.Option.LINEARIZABLE);
    Read.setLeaderLeaseEnabled(properties, true);
    Read.setTimeout(properties, millis(10_000));
    Rpc.setRequestTimeout(properties, millis(10_000));
  }

  private void log() {
    RaftServerConfigKeys.setStorageDir(properties, List.of(settings.directory().toFile()));
    RaftServerConfigKeys.setStorageFreeSpaceMin(properties, SizeInBytes.valueOf("0"));
    Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("8MB"));
    Log.setPreallocatedSize(properties, SizeInBytes.valueOf("256KB"));
    Log.setSegmentCacheNumMax(properties, 2);
    Log.setPurgeUptoSnapshotIndex(properties, true);
    Log.setPurgeGap(properties, 1);
    Log.Appender.setRetryPolicy(properties, pausesAfterErrors());
  }

  /**
   * How long the leader waits before it tries a voter again: a few times hardly, then 0.3 of the
   * election timeout, give or take the half.
   *
   * <p>Heartbeats are due half an election timeout after the last answer, and only entries can tell
   * the leader that a voter has lost its log: were the pause longer, each try would be a heartbeat,
   * and a wiped voter would refuse them for ever. Were it much shorter, the leader would spin until
   * the next is due.
   */
  private String pausesAfterErrors() {
    long pauseMs = Math.max(1, Rpc.timeoutMin(properties).toLong(TimeUnit.MILLISECONDS) * 3 / 10);
    return "1ms,10,%dms,%d".formatted(pauseMs, Integer.MAX_VALUE);
  }

  private void snapshots() {
    Snapshot.setAutoTriggerEnabled(properties, true);
    Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
    Snapshot.setTriggerWhenStopEnabled(properties, true);
    Snapshot.setRetentionFileNum(properties, 2);
  }

  private static TimeDuration millis(long ms) {
    return TimeDuration.valueOf(ms, TimeUnit.MILLISECONDS);
  }
}
