package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Time;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quorum on Apache Ratis: one Raft group of the voters, in whose log an entry is a batch of
 * events and whose snapshots are images.
 *
 * <pre>
 *   append ──► preAppend: still my term? ──► Raft log ──► majority ──► ImageStateMachine: fold
 *     ▲            no: NotLeader                                            │
 *     └───────────────────── Appended(index) ◄──────────────────────────────┘
 * </pre>
 *
 * <p>Requests go straight into the server in this process. A voter that is alone opens no port and
 * leads as soon as it has read its folder. Safe from any thread. Closed by who opened it; when its
 * folder fails, or an event of a later release is met, it stops by itself and {@link #stopped} says
 * why: the node must stop then.
 */
public final class RatisQuorum implements Quorum {
  private static final Logger LOG = LoggerFactory.getLogger(RatisQuorum.class);
  private static final long SPACE_CHECK_INTERVAL_MS = 1_000;

  /** An append on its way; handed over once Ratis was allowed to write it. */
  private static final class Pending {
    private final long term;
    private volatile boolean handedOver;

    Pending(long term) {
      this.term = term;
    }
  }

  private final QuorumSettings settings;
  private final Time time;
  private final QuorumFolder folder;
  private final ReplicatedImage replicated = new ReplicatedImage();
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final RaftServer server;
  private final RaftServer.Division division;

  /** Keeps entries in the order of the calls, and listeners in the order of changes. */
  private final Object appendOrder = new Object();

  private final Object leadershipOrder = new Object();

  /** Volatile because any thread reads the newest. */
  private volatile Leadership leadership = Leadership.UNKNOWN;

  private volatile boolean closed;
  private long spaceCheckedMs;

  private RatisQuorum(QuorumSettings settings, QuorumFolder folder, Time time) throws IOException {
    this.settings = settings;
    this.time = time;
    this.folder = folder;
    ImageStateMachine machine = new ImageStateMachine(replicated, new FromRatis());
    server =
        RaftServer.newBuilder()
            .setServerId(RatisSettings.peerId(settings.nodeId()))
            .setGroup(RatisSettings.group(settings))
            .setProperties(RatisSettings.properties(settings))
            .setStateMachine(machine)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    division = server.getDivision(RatisSettings.GROUP);
  }

  /**
   * Opens the voter's folder, making it at the first start, and joins the quorum.
   *
   * @throws IOException with a message for the operator when the folder cannot be used
   */
  public static RatisQuorum open(QuorumSettings settings, Time time) throws IOException {
    // Ratis would end the process when its port is taken.
    ExitUtils.disableSystemExit();
    QuorumFolder folder = QuorumFolder.open(settings.directory(), settings.nodeId());
    RatisQuorum quorum = null;
    try {
      RaftLogTail.cutTorn(settings.directory());
      quorum = new RatisQuorum(settings, folder, time);
      quorum.server.start();
      quorum.refreshLeadership();
      return quorum;
    } catch (IOException | RuntimeException e) {
      if (quorum != null) {
        quorum.close();
      }
      folder.close();
      throw new IOException(
          "The metadata quorum in %s cannot start: %s"
              .formatted(settings.directory(), rootMessage(e)),
          e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  @Override
  public int nodeId() {
    return settings.nodeId();
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  @Override
  public ClusterImage image() {
    return replicated.image();
  }

  /** Completes when the voter has stopped: normally when closed, else with the reason. */
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  @Override
  public void listen(Consumer<Leadership> listener) {
    synchronized (leadershipOrder) {
      listeners.add(listener);
      listener.accept(leadership);
    }
  }

  private void refreshLeadership() {
    synchronized (leadershipOrder) {
      Leadership now = closed ? Leadership.UNKNOWN : observed();
      if (now.equals(leadership)) {
        return;
      }
      leadership = now;
      listeners.forEach(listener -> listener.accept(now));
    }
  }

  private Leadership observed() {
    DivisionInfo info = division.getInfo();
    // The term is read first: a newer one with the old role is refused when something is appended.
    long term = info.getCurrentTerm();
    boolean leads = info.isLeaderReady();
    RaftPeerId leader = info.getLeaderId();
    int leaderId = leader == null ? Leadership.NOBODY : Integer.parseInt(leader.toString());
    return new Leadership(leads ? settings.nodeId() : leaderId, term, leads);
  }

  @Override
  public CompletableFuture<Appended> append(long term, List<Event> events) {
    if (closed) {
      return CompletableFuture.failedFuture(new QuorumException.Closed("The quorum is closed"));
    }
    byte[] bytes = EventCodec.encode(new EventCodec.Batch(term, events));
    long callId = callIds.incrementAndGet();
    Pending call = new Pending(term);
    pending.put(callId, call);
    CompletableFuture<RaftClientReply> reply;
    synchronized (appendOrder) {
      checkSpace();
      reply =
          submit(
              callId,
              Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)),
              RaftClientRequest.writeRequestType());
    }
    return reply.handle((answer, error) -> {
      pending.remove(callId);
      return appended(call, answer, error);
    });
  }

  private static Appended appended(
      Pending call, @Nullable RaftClientReply reply, @Nullable Throwable error) {
    if (reply != null && reply.isSuccess()) {
      return ImageStateMachine.answered(reply.getMessage());
    }
    String why = why(reply, error);
    if (call.handedOver) {
      throw new QuorumException.OutcomeUnknown(
          "Whether the entry is committed is not known: " + why);
    }
    throw new QuorumException.NotLeader("Nothing was written: " + why);
  }

  private static String why(@Nullable RaftClientReply reply, @Nullable Throwable error) {
    if (error != null) {
      return rootMessage(error);
    }
    return reply == null || reply.getException() == null
        ? "no reason given"
        : rootMessage(reply.getException());
  }

  private void checkSpace() {
    long now = time.milliseconds();
    if (now - spaceCheckedMs >= SPACE_CHECK_INTERVAL_MS || now < spaceCheckedMs) {
      spaceCheckedMs = now;
      folder.checkSpace();
    }
  }

  @Override
  public CompletableFuture<ClusterImage> read(long term) {
    if (closed) {
      return CompletableFuture.failedFuture(new QuorumException.Closed("The quorum is closed"));
    }
    if (!leads(term)) {
      return CompletableFuture.failedFuture(notLeading(term));
    }
    return submit(callIds.incrementAndGet(), Message.EMPTY, RaftClientRequest.readRequestType())
        .handle((reply, error) -> {
          if (reply == null || !reply.isSuccess()) {
            throw new QuorumException.NotLeader("Cannot read: " + why(reply, error));
          }
          // Followers can read too, through the leader, but must not seem to be it.
          if (!leads(term)) {
            throw notLeading(term);
          }
          return replicated.image();
        });
  }

  private boolean leads(long term) {
    DivisionInfo info = division.getInfo();
    return info.isLeaderReady() && info.getCurrentTerm() == term;
  }

  private static QuorumException notLeading(long term) {
    return new QuorumException.NotLeader("This voter does not lead in term " + term);
  }

  private CompletableFuture<RaftClientReply> submit(
      long callId, Message message, RaftClientRequest.Type type) {
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
      return ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<Updates> updatesAfter(long version) {
    return replicated.updatesAfter(version);
  }

  @Override
  public QuorumStatus status() {
    long committed = division.getRaftLog().getLastCommittedIndex();
    List<QuorumStatus.Voter> voters = new ArrayList<>();
    for (Voter voter : settings.voters()) {
      boolean isSelf = voter.nodeId() == settings.nodeId();
      voters.add(
          new QuorumStatus.Voter(
              voter.nodeId(),
              voter.address(),
              isSelf ? division.getRaftLog().getNextIndex() : logEndOffset(voter.nodeId()),
              isSelf ? time.milliseconds() : lastContactMs(voter.nodeId())));
    }
    return new QuorumStatus(leadership, committed + 1, List.copyOf(voters));
  }

  /** The leader alone hears of the others. */
  private long lastContactMs(int nodeId) {
    String id = Integer.toString(nodeId);
    for (ServerRpcProto heard :
        division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
      if (heard.getId().getId().toStringUtf8().equals(id)) {
        return time.milliseconds() - heard.getLastRpcElapsedTimeMs();
      }
    }
    return -1;
  }

  private long logEndOffset(int nodeId) {
    String id = Integer.toString(nodeId);
    for (CommitInfoProto info : division.getCommitInfos()) {
      if (info.getServer().getId().toStringUtf8().equals(id)) {
        return info.getCommitIndex() + 1;
      }
    }
    return -1;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    refreshLeadership();
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("The metadata quorum did not close cleanly: {}", e.toString());
    }
    replicated.close(new QuorumException.Closed("The quorum is closed"));
    folder.close();
    stopped.complete(null);
  }

  private final class FromRatis implements ImageStateMachine.Events {

    @Override
    public void leadershipMayHaveChanged() {
      // Ratis calls while it builds the server, before there is a division to ask.
      if (division != null) {
        refreshLeadership();
      }
    }

    @Override
    public boolean handedOver(long callId) {
      Pending call = pending.get(callId);
      if (call == null || division.getInfo().getCurrentTerm() != call.term) {
        return false;
      }
      call.handedOver = true;
      return true;
    }

    @Override
    public void failed(String what, Throwable why) {
      String message =
          "%s, the node must stop: %s (folder %s)"
              .formatted(what, rootMessage(why), settings.directory());
      // Who follows must not wait for what will never come.
      replicated.close(new QuorumException.Closed(message));
      if (stopped.completeExceptionally(new IOException(message, why))) {
        LOG.error(message);
      }
    }
  }
}
