package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.QuorumFolder.Membership;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Time;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
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
 * leads as soon as it has read its folder.
 *
 * <pre>
 *              no log                       the others commit it
 *   (start) ───────────► ASKING ──► OUTSIDE ────────────────────► VOTING
 *      │                    │ forms it with the others              ▲ │ removed
 *      │                    └───────────────────────────────────────┘ ▼
 *      └── has a log that says so ──► VOTING, OUTSIDE               OUTSIDE
 * </pre>
 *
 * Who is asking has no part in Raft; see {@link Admission}. Safe from any thread. Closed by who
 * opened it; when its folder fails, or an event of a later release is met, it stops by itself and
 * {@link #stopped} says why: the node must stop then.
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

  /** How often a voter that is not in the quorum asks the others, or looks whether it is. */
  private static final long ASKING_INTERVAL_MS = 50;

  private enum Standing {
    ASKING,
    OUTSIDE,
    VOTING
  }

  private final QuorumSettings settings;
  private final Time time;
  private final QuorumFolder folder;
  private final ScheduledExecutorService thread;
  private final Admission admission;
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /** Keeps entries in the order of the calls, and listeners in the order of changes. */
  private final Object appendOrder = new Object();

  private final Object leadershipOrder = new Object();

  /** Keeps one server from being started while the voter is closed. */
  private final Object lifeOrder = new Object();

  /** Volatile because any thread calls it and the voter's own replaces it. */
  private volatile RatisServer server;

  /** Volatile because any thread reads the newest. */
  private volatile Leadership leadership = Leadership.UNKNOWN;

  /** Volatile because any thread reads what the voter's own decides. */
  private volatile Standing standing;

  private volatile boolean closed;

  /** Volatile because it is begun by one thread and closed by another. */
  private volatile @Nullable LeaderWatch leaderWatch;

  private long spaceCheckedMs;

  // These are the voter's own thread's.
  private boolean isAsking;
  private String lastRefusal = "";

  /** Whom to ask: the configured others, and who they say votes. */
  private final Map<Integer, Voter> askable = new TreeMap<>();

  private RatisQuorum(
      QuorumSettings settings, QuorumFolder folder, Time time, ScheduledExecutorService thread)
      throws IOException {
    this.settings = settings;
    this.time = time;
    this.folder = folder;
    this.thread = thread;
    admission = new Admission(settings.nodeId(), settings.others());
    settings.others().forEach(voter -> askable.put(voter.nodeId(), voter));
    Membership membership = folder.membership();
    boolean isFounder = membership == Membership.FOUNDER;
    boolean hasLog = folder.hasLog(RatisSettings.GROUP.getUuid());
    boolean mayHaveLostIt = isFounder || membership == Membership.JOINED;
    boolean mustAsk = mayHaveLostIt && !hasLog && !settings.others().isEmpty();
    isAsking = mustAsk || membership == Membership.JOINING;
    RaftGroup believed = RatisSettings.group(isFounder ? settings.voters() : List.of());
    server = RatisServer.over(settings, mustAsk ? null : believed, new FromRatis());
    standing = mustAsk ? Standing.ASKING : Standing.OUTSIDE;
  }

  /**
   * Opens the voter's folder, making it at the first start, and joins the quorum.
   *
   * @param thread the voter's own, where it waits for others; the caller's
   * @throws IOException with a message for the operator when the folder cannot be used
   */
  public static RatisQuorum open(
      QuorumSettings settings, Time time, ScheduledExecutorService thread) throws IOException {
    // Ratis would end the process when its port is taken.
    ExitUtils.disableSystemExit();
    QuorumFolder folder = QuorumFolder.open(settings.directory(), settings.nodeId());
    RatisQuorum quorum = null;
    try {
      RaftLogTail.cutTorn(settings.directory());
      quorum = new RatisQuorum(settings, folder, time, thread);
      quorum.begin();
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

  /**
   * Stands for election from now on when the leader's process is seen to end, instead of when the
   * leader has been silent for long enough. To be called once.
   *
   * @param watching a thread that waits for nothing else; the caller's
   */
  public void watchLeader(ScheduledExecutorService watching) {
    LeaderWatch watch =
        new LeaderWatch(settings.nodeId(), () -> server.voters(), this::standInsteadOf, watching);
    leaderWatch = watch;
    listen(watch::leads);
  }

  private void standInsteadOf(Leadership gone) {
    try {
      if (standing == Standing.VOTING && server.standInsteadOf(gone)) {
        LOG.info(
            "The process of node {}, which led the metadata quorum, has ended: standing for"
                + " election",
            gone.leaderId());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Cannot stand for election now", e);
    }
  }

  private void begin() throws IOException {
    server.start();
    lookAtVoters();
    refreshLeadership();
    if (isAsking) {
      thread.execute(this::askAll);
    } else if (standing == Standing.OUTSIDE) {
      LOG.info("This node is no voter of the metadata quorum and waits until it is added");
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
    return server.replicated().image();
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
      Leadership now = closed ? Leadership.UNKNOWN : server.leadership(settings.nodeId());
      if (now.equals(leadership)) {
        return;
      }
      leadership = now;
      listeners.forEach(listener -> listener.accept(now));
    }
  }

  /** Tells again, for what they make of it may depend on whether this voter is in the quorum. */
  private void standingChanged() {
    synchronized (leadershipOrder) {
      Leadership now = leadership;
      listeners.forEach(listener -> listener.accept(now));
    }
  }

  @Override
  public CompletableFuture<Appended> append(long term, List<Event> events) {
    if (closed) {
      return CompletableFuture.failedFuture(new QuorumException.Closed("The quorum is closed"));
    }
    byte[] bytes = EventCodec.encode(new EventCodec.Batch(term, events));
    RatisServer running = server;
    long callId = running.nextCallId();
    Pending call = new Pending(term);
    pending.put(callId, call);
    CompletableFuture<RaftClientReply> reply;
    synchronized (appendOrder) {
      checkSpace();
      reply =
          running.submit(
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
    RatisServer running = server;
    if (!running.leads(term)) {
      return CompletableFuture.failedFuture(notLeading(term));
    }
    return running
        .submit(running.nextCallId(), Message.EMPTY, RaftClientRequest.readRequestType())
        .handle((reply, error) -> {
          if (reply == null || !reply.isSuccess()) {
            throw new QuorumException.NotLeader("Cannot read: " + why(reply, error));
          }
          // Followers can read too, through the leader, but must not seem to be it.
          if (!running.leads(term)) {
            throw notLeading(term);
          }
          return running.replicated().image();
        });
  }

  private static QuorumException notLeading(long term) {
    return new QuorumException.NotLeader("This voter does not lead in term " + term);
  }

  @Override
  public CompletableFuture<Updates> updatesAfter(long version) {
    return server.replicated().updatesAfter(version);
  }

  @Override
  public QuorumStatus status() {
    RatisServer running = server;
    List<QuorumStatus.Voter> voters = new ArrayList<>();
    for (Voter voter : running.voters()) {
      voters.add(
          voter.nodeId() == settings.nodeId() ? self(running, voter) : other(running, voter));
    }
    return new QuorumStatus(leadership, running.highWatermark(), List.copyOf(voters));
  }

  private QuorumStatus.Voter self(RatisServer running, Voter voter) {
    return new QuorumStatus.Voter(
        voter.nodeId(), voter.address(), running.nextIndex(), time.milliseconds());
  }

  /** The leader alone hears of the others. */
  private QuorumStatus.Voter other(RatisServer running, Voter voter) {
    long silentMs = running.silentMs(voter.nodeId());
    return new QuorumStatus.Voter(
        voter.nodeId(),
        voter.address(),
        running.committedEnd(voter.nodeId()),
        silentMs < 0 ? -1 : time.milliseconds() - silentMs);
  }

  @Override
  public boolean isOutside() {
    return standing == Standing.OUTSIDE;
  }

  @Override
  public CompletableFuture<Void> change(VoterChange change) {
    RatisServer running = server;
    if (closed || !running.leads(running.term())) {
      return CompletableFuture.failedFuture(notLeading(running.term()));
    }
    if (settings.isAlone()) {
      return CompletableFuture.failedFuture(
          new QuorumException.Alone(
              "This voter listens for no others: it needs its own address in"
                  + " controller.quorum.voters and a listener named in controller.listener.names,"
                  + " on different ports"));
    }
    List<Voter> current = running.voters();
    return running
        .change(current, change.appliedTo(current))
        .handle((reply, error) -> {
          if (reply == null || !reply.isSuccess()) {
            throw refused(reply, error);
          }
          LOG.info("The voters of the metadata quorum are {}", change.appliedTo(current));
          return null;
        });
  }

  private static QuorumException refused(
      @Nullable RaftClientReply reply, @Nullable Throwable error) {
    Throwable cause = error == null && reply != null ? reply.getException() : error;
    while (cause != null && !(cause instanceof ReconfigurationInProgressException)) {
      cause = cause.getCause();
    }
    return cause == null
        ? new QuorumException.OutcomeUnknown("The voters may have changed: " + why(reply, error))
        : new QuorumException.Busy("Another change of voters is under way");
  }

  private void askAll() {
    try {
      for (Voter other : List.copyOf(askable.values())) {
        if (closed || !isAsking) {
          return;
        }
        Heard heard = OtherVoters.ask(other, settings);
        if (heard instanceof Heard.InQuorum(List<Voter> voters, boolean _)) {
          voters.forEach(voter -> askable.put(voter.nodeId(), voter));
          askable.remove(settings.nodeId());
        }
        follow(admission.heard(other, heard));
      }
    } catch (IOException | RuntimeException e) {
      say(rootMessage(e));
    }
    if (isAsking) {
      later(this::askAll);
    }
  }

  private void follow(Admission.Step step) throws IOException {
    switch (step.kind()) {
      case WAIT -> {}
      case FORM -> form();
      case LEAVE -> leave(step.voters());
      case JOIN -> join(step.voters());
    }
  }

  private void form() throws IOException {
    // Who has heard of a quorum once forms no other.
    if (standing == Standing.ASKING) {
      server.take(RatisSettings.group(settings.voters()));
      isAsking = false;
      stand(Standing.VOTING);
    }
  }

  /** Has what this id once promised declared void, as the disk that knew of it is gone. */
  private void leave(List<Voter> voters) throws IOException {
    if (server.hasLog()) {
      // Added meanwhile, and not told yet.
      isAsking = false;
      return;
    }
    stand(Standing.OUTSIDE);
    if (!settings.company().joinsByItself()) {
      say("this node votes there but has lost its log; it has to be removed before it is added");
      return;
    }
    say("this node votes there but has lost its log: it leaves before it joins anew");
    OtherVoters.change(
        voters, new VoterChange.Remove(settings.nodeId()).appliedTo(voters), settings);
  }

  private void join(List<Voter> voters) throws IOException {
    if (!server.hasLog()) {
      folder.become(settings.company().joinsByItself() ? Membership.JOINING : Membership.OUTSIDE);
      server.take(RatisSettings.group(List.of()));
      stand(Standing.OUTSIDE);
    }
    if (!settings.company().joinsByItself()) {
      isAsking = false;
      LOG.info("There is a metadata quorum of {}; this node waits until it is added", voters);
      return;
    }
    say("joining the voters " + voters);
    OtherVoters.change(voters, new VoterChange.Add(settings.self()).appliedTo(voters), settings);
    isAsking = false;
  }

  private void say(String what) {
    if (!what.equals(lastRefusal)) {
      lastRefusal = what;
      LOG.info("Not in the metadata quorum yet: {}", what);
    }
  }

  private void later(Runnable task) {
    try {
      thread.schedule(task, ASKING_INTERVAL_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed meanwhile", e);
    }
  }

  /** Whether this voter is one; what its log says decides, as in Raft, before it is committed. */
  private void lookAtVoters() throws IOException {
    List<Voter> voters = server.voters();
    boolean isVoter = voters.stream().anyMatch(voter -> voter.nodeId() == settings.nodeId());
    if (isVoter && standing != Standing.VOTING) {
      if (folder.membership() != Membership.FOUNDER) {
        folder.become(Membership.JOINED);
      }
      isAsking = false;
      stand(Standing.VOTING);
      LOG.info("Voting in the metadata quorum of {}", voters);
    }
  }

  private void leaveIfRemoved() throws IOException {
    boolean isVoter = server.voters().stream().anyMatch(v -> v.nodeId() == settings.nodeId());
    if (!isVoter && !server.isChangingVoters() && standing == Standing.VOTING) {
      startOutside();
    }
  }

  /**
   * The others have committed that this voter is none of them; it forgets all and may come back.
   */
  private void startOutside() throws IOException {
    LOG.info("This node was removed from the voters of the metadata quorum");
    folder.become(Membership.OUTSIDE);
    stand(Standing.OUTSIDE);
    RatisServer dismissed = server;
    synchronized (lifeOrder) {
      if (closed) {
        return;
      }
      dismissed.close();
      folder.forgetLog(RatisSettings.GROUP.getUuid());
      server = RatisServer.over(settings, RatisSettings.group(List.of()), new FromRatis());
      server.start();
    }
    dismissed.replicated().close(new QuorumException.Closed("Removed from the voters"));
    refreshLeadership();
  }

  private void stand(Standing next) {
    if (next != standing) {
      standing = next;
      standingChanged();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    LeaderWatch watch = leaderWatch;
    if (watch != null) {
      watch.close();
    }
    refreshLeadership();
    synchronized (lifeOrder) {
      try {
        server.close();
      } catch (IOException e) {
        LOG.warn("The metadata quorum did not close cleanly: {}", e.toString());
      }
    }
    server.replicated().close(new QuorumException.Closed("The quorum is closed"));
    folder.close();
    stopped.complete(null);
  }

  /** What one server says; nothing is heard of one that was replaced. */
  private final class FromRatis implements ImageStateMachine.Events {

    @Override
    public void leadershipMayHaveChanged() {
      // Ratis calls while it builds the server, before there is one to ask.
      if (server != null) {
        refreshLeadership();
      }
    }

    @Override
    public boolean handedOver(long callId) {
      Pending call = pending.get(callId);
      if (call == null || server.term() != call.term) {
        return false;
      }
      call.handedOver = true;
      return true;
    }

    @Override
    public void votersChanged() {
      onOwnThread(0, RatisQuorum.this::lookAtVoters);
      // A leader that is removed still has to tell the others.
      onOwnThread(2 * settings.electionTimeoutMs(), RatisQuorum.this::leaveIfRemoved);
    }

    @Override
    public void dismissed() {
      onOwnThread(
          0,
          () -> {
            if (standing == Standing.VOTING) {
              startOutside();
            }
          });
    }

    private void onOwnThread(long delayMs, Change change) {
      try {
        thread.schedule(() -> attempt(change), delayMs, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("Closed meanwhile", e);
      }
    }

    private void attempt(Change change) {
      try {
        if (!closed && !stopped.isDone()) {
          change.make();
        }
      } catch (IOException | RuntimeException e) {
        failed("The metadata folder cannot be changed", e);
      }
    }

    @Override
    public void failed(String what, Throwable why) {
      String message =
          "%s, the node must stop: %s (folder %s)"
              .formatted(what, rootMessage(why), settings.directory());
      // Who follows must not wait for what will never come.
      server.replicated().close(new QuorumException.Closed(message));
      if (stopped.completeExceptionally(new IOException(message, why))) {
        LOG.error(message);
      }
    }
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }
}
