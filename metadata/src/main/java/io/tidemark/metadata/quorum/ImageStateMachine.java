package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.event.SnapshotCodec;
import io.tidemark.metadata.event.UnknownEventException;
import io.tidemark.metadata.image.ClusterImage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis replicates: the image. Folds committed entries, writes and reads snapshots, and passes
 * on what Ratis says about leaders and failures.
 *
 * <p>Applied by Ratis's one updater thread. A snapshot file is an image as {@link SnapshotCodec}
 * writes it, complete and synced before it gets its name.
 */
final class ImageStateMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(ImageStateMachine.class);

  /** Hears what Ratis tells the state machine. Calls must be short. */
  interface Events {
    void leadershipMayHaveChanged();

    /**
     * The entry of a request is about to be written in the current term.
     *
     * @return false to refuse it, because it was decided in another
     */
    boolean handedOver(long callId);

    /** Who votes has changed, for good. */
    void votersChanged();

    /** The others have said that this voter is none of them any more; Ratis has ended its part. */
    void dismissed();

    void failed(String what, Throwable why);
  }

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final ReplicatedImage replicated;
  private final Events events;

  ImageStateMachine(ReplicatedImage replicated, Events events) {
    this.replicated = replicated;
    this.events = events;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, group, raftStorage);
    getLifeCycle()
        .startAndTransition(() -> {
          storage.init(raftStorage);
          load(storage.getLatestSnapshot());
        });
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load(storage.loadLatestSnapshot());
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
    if (snapshot == null) {
      return;
    }
    Path file = snapshot.getFile().getPath();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      replicated.install(SnapshotCodec.read(in));
    } catch (UnknownEventException e) {
      events.failed("The metadata snapshot %s is of a later release".formatted(file), e);
      throw e;
    } catch (IOException e) {
      throw new IOException("The metadata snapshot %s cannot be read".formatted(file), e);
    }
    setLastAppliedTermIndex(snapshot.getTermIndex());
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex applied = getLastAppliedTermIndex();
    ClusterImage image = replicated.image();
    Path file = storage.getSnapshotFile(applied.getTerm(), applied.getIndex()).toPath();
    Path written = file.resolveSibling(file.getFileName() + ".writing");
    write(image, written);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
    storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), applied));
    return applied.getIndex();
  }

  private static void write(ClusterImage image, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      SnapshotCodec.write(image, out);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction)
      throws IOException {
    if (!events.handedOver(transaction.getClientRequest().getCallId())) {
      throw new StateMachineException("decided in another term", false);
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    ByteBuffer bytes = entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
    Appended appended = apply(entry.getIndex(), entry.getTerm(), bytes);
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    if (appended.refused() > 0) {
      LOG.warn(
          "{} events at {} were refused: what they were decided on had moved",
          appended.refused(),
          appended.index());
    }
    return CompletableFuture.completedFuture(answer(appended));
  }

  private Appended apply(long index, long term, ByteBuffer bytes) {
    try {
      return replicated.apply(index, term, EventCodec.decode(bytes));
    } catch (RuntimeException e) {
      events.failed("The metadata entry at %d cannot be applied".formatted(index), e);
      throw e;
    }
  }

  private static Message answer(Appended appended) {
    byte[] bytes = new byte[12];
    ByteBuffer.wrap(bytes).putLong(appended.index()).putInt(appended.refused());
    return Message.valueOf(ByteString.copyFrom(bytes));
  }

  static Appended answered(Message message) {
    ByteBuffer bytes = message.getContent().asReadOnlyByteBuffer();
    return new Appended(bytes.getLong(), bytes.getInt());
  }

  /** Answers when everything up to the read index is applied, which is all a read needs. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    events.leadershipMayHaveChanged();
  }

  @Override
  public void notifyLeaderReady() {
    events.leadershipMayHaveChanged();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    events.leadershipMayHaveChanged();
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    events.leadershipMayHaveChanged();
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    events.failed("The metadata log cannot be written", cause);
  }

  @Override
  public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto voters) {
    super.notifyConfigurationChanged(term, index, voters);
    events.votersChanged();
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServers) {
    events.leadershipMayHaveChanged();
    if (!allServers) {
      events.dismissed();
    }
  }
}
