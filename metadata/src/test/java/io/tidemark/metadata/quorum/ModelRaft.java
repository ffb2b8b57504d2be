package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.EventCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * What several voters have made durable together: committed entries, entries that only some of them
 * have, the term and who leads. It outlives its voters, so one that is thrown away and opened again
 * finds what it had.
 *
 * <p>It keeps Raft's promises by knowing everything, and breaks nothing that Raft would not: an
 * entry is committed once a majority holds it; only a voter that holds everything committed and
 * reaches a majority is elected; what an old leader had written and not committed becomes part of
 * the log exactly when the next leader holds it. What voters <em>know</em> of all this is theirs
 * ({@link ModelVoter}) and late.
 *
 * <p>Synchronized, so that voters may be driven by several threads; deterministic when driven by
 * one.
 */
public final class ModelRaft {
  private static final long NEVER_MS = Long.MIN_VALUE / 2;

  /** Who hears whom just now: the network between the voters. */
  @FunctionalInterface
  public interface Links {
    Links WHOLE = (from, to) -> true;

    boolean reaches(int from, int to);
  }

  /** One place of the log; a leader's own first entry holds nothing. */
  record Entry(long index, long term, @Nullable ByteBuffer bytes) {
    EventCodec.Batch batch() {
      return EventCodec.decode(Objects.requireNonNull(bytes).duplicate());
    }
  }

  /** Written by its leader, and on these voters. */
  private record Tentative(Entry entry, Set<Integer> holders) {}

  private final Set<Integer> voters;
  private final RandomGenerator random;
  private final Time time;
  private final Links links;
  private final long electionMs;

  private final List<Entry> committed = new ArrayList<>();
  private final List<Tentative> tentative = new ArrayList<>();

  /** How many committed entries each voter has on its disk. */
  private final Map<Integer, Integer> held = new HashMap<>();

  private final Map<Integer, ModelVoter> running = new TreeMap<>();
  private final Map<Integer, Long> heardMs = new HashMap<>();
  private final Map<Integer, Long> patienceMs = new HashMap<>();
  private long lastIndex = -1;
  private long term;
  private int leaderId = Leadership.NOBODY;
  private final List<BiConsumer<Long, EventCodec.Batch>> observers = new ArrayList<>();

  /**
   * Makes a quorum of which no voter runs yet.
   *
   * @param electionMs after so long to twice as long without a leader a voter wants to lead
   */
  public ModelRaft(
      Set<Integer> voters, RandomGenerator random, Time time, Links links, long electionMs) {
    this.voters = Set.copyOf(voters);
    this.random = random;
    this.time = time;
    this.links = links;
    this.electionMs = electionMs;
    voters.forEach(id -> held.put(id, 0));
  }

  /** Shows every entry with events once it is committed, in order. */
  public synchronized void observe(BiConsumer<Long, EventCodec.Batch> shown) {
    observers.add(shown);
  }

  /** A voter lost its disk: it holds nothing any more and does not count as a holder. */
  public synchronized void wipe(int nodeId) {
    held.put(nodeId, 0);
    tentative.forEach(written -> written.holders().remove(nodeId));
  }

  public synchronized long term() {
    return term;
  }

  /** Who leads in truth, whatever voters believe. */
  public synchronized int leaderId() {
    return leaderId;
  }

  synchronized void join(ModelVoter voter) {
    running.put(voter.nodeId(), voter);
    beginPatience(voter.nodeId());
  }

  synchronized void leave(ModelVoter voter) {
    running.remove(voter.nodeId(), voter);
  }

  /** Whether it is the leader in this term, in truth. */
  synchronized boolean leads(int nodeId, long inTerm) {
    return leaderId == nodeId && term == inTerm;
  }

  /** Whether it hears and is heard by a majority, itself included. */
  synchronized boolean hasMajority(int nodeId) {
    return voters.stream().filter(other -> connected(nodeId, other)).count() > voters.size() / 2;
  }

  private boolean connected(int one, int other) {
    return running.containsKey(other)
        && (one == other || (links.reaches(one, other) && links.reaches(other, one)));
  }

  /** The committed entries from a place on, as far as this voter holds them. */
  synchronized List<Entry> entriesFrom(int place, int nodeId) {
    return List.copyOf(committed.subList(place, Math.max(place, heldBy(nodeId))));
  }

  private int heldBy(int nodeId) {
    return Objects.requireNonNull(held.get(nodeId));
  }

  synchronized long endIndex() {
    return lastIndex + 1;
  }

  // ---- writing

  /** The leader writes to its own disk and to whom its words reach; not committed yet. */
  synchronized @Nullable Entry write(int nodeId, long inTerm, ByteBuffer bytes) {
    if (!leads(nodeId, inTerm)) {
      return null;
    }
    Entry entry = new Entry(lastIndex + 1 + tentative.size(), inTerm, bytes);
    Tentative written = new Tentative(entry, new HashSet<>(Set.of(nodeId)));
    tentative.add(written);
    spread(nodeId);
    return entry;
  }

  /** Everything a leader has and can send is soon on the disks of those who hear it. */
  private void spread(int leader) {
    for (int voter : voters) {
      if (connected(leader, voter)) {
        tentative.forEach(written -> written.holders().add(voter));
        held.put(voter, committed.size());
      }
    }
  }

  /** Commits what a majority holds; the leader's own view is the caller's matter. */
  synchronized void commit(int nodeId, long inTerm) {
    if (!leads(nodeId, inTerm) || !hasMajority(nodeId)) {
      return;
    }
    spread(nodeId);
    while (!tentative.isEmpty() && tentative.getFirst().holders().size() > voters.size() / 2) {
      append(tentative.removeFirst());
    }
  }

  private void append(Tentative written) {
    Entry entry = written.entry();
    committed.add(entry);
    lastIndex = entry.index();
    written.holders().forEach(holder -> held.put(holder, committed.size()));
    if (entry.bytes() != null) {
      observers.forEach(observer -> observer.accept(entry.index(), entry.batch()));
    }
  }

  // ---- leading

  /** A leader says that it is there; who hears it waits on. Answers whom it reached. */
  synchronized List<ModelVoter> beat(int nodeId, long inTerm) {
    List<ModelVoter> reached = new ArrayList<>();
    if (leads(nodeId, inTerm)) {
      for (ModelVoter voter : running.values()) {
        if (voter.nodeId() != nodeId && links.reaches(nodeId, voter.nodeId())) {
          beginPatience(voter.nodeId());
          reached.add(voter);
        }
      }
      commit(nodeId, inTerm);
    }
    return reached;
  }

  private void beginPatience(int nodeId) {
    heardMs.put(nodeId, nowMs());
    patienceMs.put(nodeId, electionMs + random.nextLong(electionMs));
  }

  /** A leader that heard no majority for so long leads no more. */
  synchronized void stepDown(int nodeId, long inTerm) {
    if (leads(nodeId, inTerm)) {
      leaderId = Leadership.NOBODY;
    }
  }

  /**
   * Elects this voter if it has waited long enough and would win: it holds everything committed,
   * reaches a majority, and nobody in it has heard of a leader of late.
   *
   * @return the new term, or 0
   */
  synchronized long campaign(int nodeId) {
    if (!isImpatient(nodeId)) {
      return 0;
    }
    List<Integer> electorate =
        voters.stream()
            .filter(other -> connected(nodeId, other) && (other == nodeId || isAlone(other)))
            .toList();
    if (electorate.size() <= voters.size() / 2 || heldBy(nodeId) < committed.size()) {
      beginPatience(nodeId);
      return 0;
    }
    return elect(nodeId);
  }

  private boolean isImpatient(int nodeId) {
    return nowMs() - heardMs.getOrDefault(nodeId, NEVER_MS)
        > patienceMs.getOrDefault(nodeId, electionMs);
  }

  /** Has heard of no leader for the shortest time that makes anybody impatient. */
  private boolean isAlone(int nodeId) {
    return nowMs() - heardMs.getOrDefault(nodeId, NEVER_MS) > electionMs;
  }

  private long elect(int nodeId) {
    term++;
    leaderId = nodeId;
    beginPatience(nodeId);
    List<Tentative> inherited =
        tentative.stream().takeWhile(written -> written.holders().contains(nodeId)).toList();
    tentative.clear();
    inherited.forEach(this::append);
    append(new Tentative(new Entry(lastIndex + 1, term, null), new HashSet<>(Set.of(nodeId))));
    spread(nodeId);
    return term;
  }

  private long nowMs() {
    return time.hiResClockMs();
  }
}
