package io.tidemark.tiering.compact;

import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.manifest.SegmentSwap;
import io.tidemark.tiering.segment.SegmentTail;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Neighbours being rewritten, and the objects made of them so far. One thread. */
final class SegmentGroup {
  private final List<RemoteSegment> old = new ArrayList<>();
  private final List<RemoteSegment> fresh = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private ObjectAssembler assembler;
  private @Nullable SegmentTail tail;
  private boolean isChanged;

  SegmentGroup(long baseOffset, int objectBytes) {
    assembler = new ObjectAssembler(baseOffset, objectBytes);
  }

  /** The next segment is being read. */
  void begin(RemoteSegment segment, SegmentTail tailOfIt) {
    old.add(segment);
    tail = tailOfIt;
  }

  void changed() {
    isChanged = true;
  }

  void made(RemoteSegment segment) {
    fresh.add(segment);
  }

  /** To be named before it is put. */
  void making(String key) {
    keys.add(key);
  }

  void next(ObjectAssembler nextAssembler) {
    assembler = nextAssembler;
  }

  ObjectAssembler assembler() {
    return assembler;
  }

  List<RemoteSegment> old() {
    return old;
  }

  /** What was put already. */
  List<RemoteSegment> fresh() {
    return fresh;
  }

  /** Of the segment read last. */
  SegmentTail tail() {
    if (tail == null) {
      throw new IllegalStateException("no segment was read");
    }
    return tail;
  }

  RemoteSegment last() {
    return old.getLast();
  }

  List<String> keys() {
    return keys;
  }

  /** Whether nothing would be gained: one object that stays as it is. */
  boolean isAsItWas() {
    return old.size() == 1 && fresh.isEmpty() && !isChanged;
  }

  SegmentSwap swap() {
    return new SegmentSwap(old, fresh, SegmentSwap.NOT_FURTHER);
  }
}
