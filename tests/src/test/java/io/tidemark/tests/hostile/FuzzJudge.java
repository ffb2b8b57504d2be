package io.tidemark.tests.hostile;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Sends frames to a node and notes what must not be: an answer that is none, none at all, two, one
 * that calls the request our defect, or more memory than a frame of its size is worth.
 */
final class FuzzJudge {
  private static final long MAX_ALLOCATED_BYTES = 48L << 20;
  private static final int MAX_COMPLAINTS = 30;

  /** These may wait for other members or for data. */
  private static final Set<ApiKeys> MAY_WAIT =
      EnumSet.of(ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP, ApiKeys.FETCH);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String run;
  private final Map<String, String> complaints = new LinkedHashMap<>();
  private final Map<ApiKeys, Integer> answered = new EnumMap<>(ApiKeys.class);
  private final Map<Class<?>, Integer> reactions = new LinkedHashMap<>();
  private long mostAllocatedBytes;

  /**
   * @param run what to say of the run in a complaint, so that it can be repeated
   */
  FuzzJudge(String run) {
    this.run = run;
  }

  void send(FuzzedNode node, FuzzFrame frame, int pieceBytes, String what) {
    String call = frame.key() + " v" + frame.version() + " " + what;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Reaction reaction;
    try {
      reaction = node.send(frame, pieceBytes);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(run + ": " + call + " " + hex(frame), e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    mostAllocatedBytes = Math.max(mostAllocatedBytes, allocated);
    if (allocated > MAX_ALLOCATED_BYTES && !(reaction instanceof Reaction.Silent)) {
      complain(call, "%d bytes were allocated".formatted(allocated), frame);
    }
    reactions.merge(reaction.getClass(), 1, Integer::sum);
    judge(call, frame, reaction);
  }

  private void judge(String call, FuzzFrame frame, Reaction reaction) {
    switch (reaction) {
      case Reaction.Answered(byte[] response) -> judge(call, frame, response);
      case Reaction.Closed(byte[] response) -> {
        if (response != null) {
          judge(call, frame, response);
        }
      }
      case Reaction.Unanswered _ -> {
        if (!frame.wantsNoAnswer()) {
          complain(call, "got no answer", frame);
        }
      }
      case Reaction.Silent _ -> {
        if (!MAY_WAIT.contains(frame.key())) {
          complain(call, "got neither an answer nor a closed connection", frame);
        }
      }
      case Reaction.TwoAnswers _ -> complain(call, "got two answers", frame);
    }
  }

  private void judge(String call, FuzzFrame frame, byte[] response) {
    try {
      AbstractResponse parsed = frame.response(response);
      answered.merge(frame.key(), 1, Integer::sum);
      if (errors(parsed).contains(Errors.UNKNOWN_SERVER_ERROR)) {
        complain(call, "got UNKNOWN_SERVER_ERROR", frame);
      }
    } catch (RuntimeException e) {
      complain(call, "got an answer that is none: " + e, frame);
    }
  }

  private static Set<Errors> errors(AbstractResponse response) {
    try {
      return response.errorCounts().keySet();
    } catch (IllegalStateException e) {
      return Set.of(); // kafka-clients counts no resource twice, though one may be asked for twice
    }
  }

  private void complain(String call, String why, FuzzFrame frame) {
    if (complaints.size() < MAX_COMPLAINTS) {
      complaints.putIfAbsent(frame.key() + " " + why, run + ": " + call + " " + hex(frame));
    }
  }

  private static String hex(FuzzFrame frame) {
    byte[] start = Arrays.copyOf(frame.bytes(), Math.min(frame.bytes().length, 400));
    return "(" + frame.bytes().length + " bytes) " + HexFormat.of().formatHex(start);
  }

  List<String> complaints() {
    return complaints.entrySet().stream().map(c -> c.getKey() + " - " + c.getValue()).toList();
  }

  /** APIs that gave at least one answer. */
  Set<ApiKeys> answered() {
    return answered.keySet();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(run);
    reactions.forEach(
        (kind, count) -> text.append(", ").append(kind.getSimpleName()).append(' ').append(count));
    return text.append(", at most ")
        .append(mostAllocatedBytes >> 10)
        .append(" KiB a frame")
        .toString();
  }
}
