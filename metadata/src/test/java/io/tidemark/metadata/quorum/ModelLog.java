package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a modelled quorum has made durable: the committed entries, the term and who leads. It
 * outlives its voters, so a voter that is thrown away and opened again finds what was committed.
 *
 * <p>Synchronized, so that voters may be driven by several threads; deterministic when driven by
 * one.
 */
public final class ModelLog {
  private record Entry(long index, long term, ByteBuffer bytes) {}

  private final int voterCount;
  private final List<Entry> entries = new ArrayList<>();
  private final List<ModelQuorum> voters = new ArrayList<>();
  private ClusterImage snapshot = ClusterImage.EMPTY;
  private long lastIndex = -1;
  private long term;
  private int leaderId = Leadership.NOBODY;

  public ModelLog(int voterCount) {
    this.voterCount = voterCount;
  }

  /** Makes a voter the leader of a new term; its own empty entry takes an index, as in Raft. */
  public void elect(int nodeId) {
    List<ModelQuorum> all;
    synchronized (this) {
      term++;
      lastIndex++;
      leaderId = nodeId;
      all = List.copyOf(voters);
    }
    all.forEach(ModelQuorum::leaderChanged);
  }

  /** Takes the leadership from whoever has it, without a new leader. */
  public void depose() {
    List<ModelQuorum> all;
    synchronized (this) {
      leaderId = Leadership.NOBODY;
      all = List.copyOf(voters);
    }
    all.forEach(ModelQuorum::leaderChanged);
  }

  /** Forgets the entries; voters that are opened later start from an image. */
  public synchronized void compact() {
    ReplicatedImage folded = new ReplicatedImage();
    folded.install(snapshot);
    entries.forEach(entry -> folded.apply(entry.index(), entry.term(), decode(entry)));
    snapshot = folded.image();
    entries.clear();
  }

  public synchronized long term() {
    return term;
  }

  synchronized int voterCount() {
    return voterCount;
  }

  synchronized long lastIndex() {
    return lastIndex;
  }

  synchronized Leadership leadershipOf(int nodeId) {
    return new Leadership(leaderId, term, leaderId == nodeId);
  }

  synchronized void join(ModelQuorum voter) {
    voters.add(voter);
    voter.restore(snapshot);
    entries.forEach(entry -> voter.replay(entry.index(), entry.term(), decode(entry)));
  }

  void leave(ModelQuorum voter) {
    synchronized (this) {
      voters.remove(voter);
      if (leaderId != voter.nodeId()) {
        return;
      }
    }
    depose();
  }

  /**
   * Commits an entry if the voter leads in this term and folds it on every voter that is not
   * lagging.
   *
   * @return what became of it on the leader, null when it may not write
   */
  @Nullable Appended commit(
      ModelQuorum writer, long writtenIn, ByteBuffer bytes, Predicate<ModelQuorum> told) {
    synchronized (this) {
      if (leaderId != writer.nodeId() || term != writtenIn) {
        return null;
      }
      Entry entry = new Entry(++lastIndex, term, bytes);
      entries.add(entry);
      @Nullable Appended result = null;
      for (ModelQuorum voter : voters) {
        if (told.test(voter)) {
          Appended appended = voter.replay(entry.index(), entry.term(), decode(entry));
          result = voter == writer ? appended : result;
        }
      }
      return result == null ? new Appended(entry.index(), 0) : result;
    }
  }

  /** Brings a lagging voter up to date. */
  synchronized void catchUp(ModelQuorum voter) {
    for (Entry entry : entries) {
      if (entry.index() > voter.image().version()) {
        voter.replay(entry.index(), entry.term(), decode(entry));
      }
    }
  }

  private static EventCodec.Batch decode(Entry entry) {
    return EventCodec.decode(entry.bytes().duplicate());
  }
}
