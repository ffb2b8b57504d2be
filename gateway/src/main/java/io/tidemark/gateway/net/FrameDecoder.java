package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one connection's bytes into frames.
 *
 * <pre>
 *   frame := size int32 (1 … socket.request.max.bytes) | size bytes
 * </pre>
 *
 * It also says where the next read goes ({@link #readBuffer}): between frames into the loop's
 * landing buffer, inside a frame straight behind what has arrived of it. A frame's buffer grows
 * with the bytes that have come, sixteenfold and never for an announced size alone, each step paid
 * for in the {@link FrameBudget}. Frames that land whole are slices of the landing buffer, but for
 * small Produce requests, which are copied: they may wait for others, and a hundred bytes should
 * not hold 256 KiB.
 *
 * <p>What lands of a frame that is not whole is copied, so how much may land at once depends on the
 * frame before: after one that can land whole, with its neighbours, all of the buffer; after any
 * other 64 KiB, enough to give the frame a buffer of its own for the rest.
 *
 * <p>Bytes the connection cannot take yet are kept in {@code stash} (a copy). Used by the
 * connection's event loop alone; closed with the connection.
 */
final class FrameDecoder {
  private static final int SIZE_FIELD_BYTES = 4;
  private static final int API_KEY_BYTES = 2;
  private static final int GROWTH = 16;
  private static final int MIN_CAPACITY_BYTES = 1024;
  private static final int MIN_SLICE_BYTES = 32 * 1024;
  private static final int MAX_SLICE_BYTES = 128 * 1024;
  private static final int NARROW_BYTES = 64 * 1024;
  private static final short PRODUCE = 0;

  /** What the decoder has at hand. */
  enum Ready {
    /** More bytes have to arrive. */
    NEEDS_BYTES,
    /** More memory is needed; the waiter will be told. */
    NEEDS_MEMORY,
    /** A whole frame, to be {@link #take}n. */
    FRAME
  }

  private final FrameBudget.Waiter waiter;
  private final LandingBuffer landing;
  private final ByteBufAllocator allocator;

  private FrameBudget budget;
  private boolean waitsForWhole = true; // for memory also where the frame has arrived
  private int maxBytes;
  private String limitName = "socket.request.max.bytes";
  private @Nullable ByteBuf unread; // landed bytes being cut, or the stash
  private boolean isStash; // unread is a buffer of our own
  private int stashedBytes; // of the budget, for that buffer
  private @Nullable ByteBuf frame; // the begun frame, from its first byte after the size
  private int sizeFieldRead; // bytes of the size field seen so far, 0 … 4
  private int size; // the size field, as far as seen
  private int reserved; // of the budget, for the present frame
  private int lastSize; // of the frame taken before
  private boolean isFirst = true;

  FrameDecoder(
      int maxBytes,
      FrameBudget budget,
      FrameBudget.Waiter waiter,
      LandingBuffer landing,
      ByteBufAllocator allocator) {
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.waiter = waiter;
    this.landing = landing;
    this.allocator = allocator;
  }

  /** Frames whose size comes from here on may be so large, by the setting of this name. */
  void limit(int bytes, String setting) {
    maxBytes = bytes;
    limitName = setting;
  }

  /**
   * What is held from here on counts against this budget.
   *
   * @param waits whether also a frame that has landed whole waits for memory; one that does not is
   *     to be done with at once
   */
  void payFrom(FrameBudget next, boolean waits) {
    waitsForWhole = waits;
    if (next == budget) {
      return;
    }
    budget.forget(waiter);
    int held = stashedBytes + reserved;
    next.force(held);
    budget.release(held);
    budget.endPrivilege(waiter);
    budget = next;
  }

  /** Lets others look that wait for what this one does not need any more. */
  void wakeNext() {
    budget.wakeNext();
  }

  /** Where the channel reads to next; the reader releases it once. */
  ByteBuf readBuffer() {
    if (unread == null && frame != null && frame.isWritable()) {
      return frame.retain();
    }
    return landing.take(landingBytes());
  }

  /** How much may land at once; see above. */
  private int landingBytes() {
    boolean landsWhole = lastSize >= MIN_SLICE_BYTES && lastSize <= MAX_SLICE_BYTES;
    return landsWhole ? LandingBuffer.SIZE_BYTES : NARROW_BYTES;
  }

  /** Takes over what the channel has read. */
  @SuppressWarnings("ReferenceEquality") // the very buffer that was offered
  void received(ByteBuf in) {
    if (in == frame) {
      in.release();
      return;
    }
    if (unread == null) {
      unread = in;
      return;
    }
    unread.writeBytes(in);
    in.release();
  }

  /** Moves on to the next whole frame as far as the bytes and the memory at hand allow. */
  Ready advance() throws InvalidFrameException {
    if (!readSize()) {
      return Ready.NEEDS_BYTES;
    }
    return frame == null ? begin() : fill(frame);
  }

  private boolean readSize() throws InvalidFrameException {
    if (sizeFieldRead == SIZE_FIELD_BYTES) {
      return true;
    }
    ByteBuf in = unread;
    if (in == null) {
      return false;
    }
    while (sizeFieldRead < SIZE_FIELD_BYTES && in.isReadable()) {
      size = size << 8 | in.readUnsignedByte();
      sizeFieldRead++;
    }
    if (sizeFieldRead < SIZE_FIELD_BYTES) {
      return false;
    }
    checkSize();
    return true;
  }

  private void checkSize() throws InvalidFrameException {
    String foreign = isFirst ? Preamble.protocol(size) : null;
    if (foreign != null) {
      throw new InvalidFrameException("it speaks " + foreign + ", not the Kafka protocol");
    }
    if (size <= 0) {
      throw new InvalidFrameException("it announced a request of " + size + " bytes");
    }
    if (size > maxBytes) {
      throw new InvalidFrameException(
          "it announced a request of %d bytes; %s is %d".formatted(size, limitName, maxBytes));
    }
    isFirst = false;
  }

  private Ready begin() {
    int available = unread == null ? 0 : unread.readableBytes();
    if (available == 0) {
      return Ready.NEEDS_BYTES;
    }
    if (available >= size) {
      return takeWhole() ? Ready.FRAME : Ready.NEEDS_MEMORY;
    }
    int capacity = capacityFor(available);
    if (!reserve(capacity)) {
      return Ready.NEEDS_MEMORY;
    }
    frame = allocator.directBuffer(capacity, size);
    return fill(frame);
  }

  private boolean takeWhole() {
    if (waitsForWhole) {
      return reserve(size);
    }
    budget.force(size - reserved);
    reserved = size;
    return true;
  }

  private Ready fill(ByteBuf target) {
    while (target.writerIndex() < size) {
      if (!target.isWritable()) {
        int capacity = capacityFor(target.capacity());
        if (!reserve(capacity)) {
          return Ready.NEEDS_MEMORY;
        }
        target.capacity(capacity);
      }
      if (unread == null || !unread.isReadable()) {
        return Ready.NEEDS_BYTES;
      }
      target.writeBytes(unread, Math.min(unread.readableBytes(), target.writableBytes()));
    }
    return Ready.FRAME;
  }

  private int capacityFor(int arrivedBytes) {
    return (int) Math.min(size, Math.max(MIN_CAPACITY_BYTES, (long) arrivedBytes * GROWTH));
  }

  /** Brings the present frame's reservation up to {@code bytes}. */
  private boolean reserve(int bytes) {
    if (bytes <= reserved) {
      return true;
    }
    if (!budget.tryReserve(waiter, bytes - reserved)) {
      return false;
    }
    reserved = bytes;
    return true;
  }

  /** The API key of the frame that is ready, or −1 when it is too short to have one. */
  short apiKey() {
    ByteBuf bytes = frame == null ? unread : frame;
    if (bytes == null || size < API_KEY_BYTES) {
      return -1;
    }
    return bytes.getShort(bytes.readerIndex());
  }

  /** Whether the frame that is ready is a Produce, a client's own or one in an envelope. */
  boolean overlaps() {
    ByteBuf bytes = frame == null ? unread : frame;
    short key = apiKey();
    return key == PRODUCE
        || (key == ApiKeys.ENVELOPE.id
            && bytes != null
            && EnvelopePeek.innerKey(bytes, bytes.readerIndex(), size) == PRODUCE);
  }

  /** Hands over the frame that {@link #advance} found. */
  Frame take() {
    ByteBuf bytes = frame == null ? cut() : frame;
    Frame taken = new Frame(bytes, budget, reserved, waiter);
    frame = null;
    reserved = 0;
    lastSize = size;
    size = 0;
    sizeFieldRead = 0;
    return taken;
  }

  private ByteBuf cut() {
    ByteBuf in = unread;
    if (in == null) {
      throw new IllegalStateException("no frame is ready");
    }
    if (size >= MIN_SLICE_BYTES || apiKey() != PRODUCE) {
      return in.readRetainedSlice(size);
    }
    ByteBuf copy = allocator.directBuffer(size, size);
    copy.writeBytes(in, size);
    return copy;
  }

  /** Ends a turn: lets the landing buffer go, keeping a copy of what could not be taken. */
  void park() {
    ByteBuf in = unread;
    if (in == null) {
      return;
    }
    if (isStash && in.isReadable()) {
      return;
    }
    releaseStash();
    isStash = in.isReadable();
    unread = isStash ? stash(in) : null;
    in.release();
  }

  /** Copies what has arrived and cannot be refused any more, so it counts whatever the limit. */
  private ByteBuf stash(ByteBuf in) {
    stashedBytes = in.readableBytes();
    budget.force(stashedBytes);
    return allocator.directBuffer(stashedBytes).writeBytes(in);
  }

  private void releaseStash() {
    if (stashedBytes > 0) {
      int bytes = stashedBytes;
      stashedBytes = 0;
      budget.release(bytes);
    }
  }

  /** Whether a frame has begun to arrive and is not yet taken. */
  boolean isInFrame() {
    return sizeFieldRead > 0 || (unread != null && unread.isReadable());
  }

  /** Bytes that have arrived of the begun frame. */
  int arrivedBytes() {
    return sizeFieldRead
        + (frame == null ? 0 : frame.readableBytes())
        + (unread == null ? 0 : unread.readableBytes());
  }

  /** Gives back every byte held for a connection that is gone. */
  void close() {
    budget.forget(waiter);
    releaseStash();
    if (unread != null) {
      unread.release();
      unread = null;
    }
    if (frame != null) {
      frame.release();
      frame = null;
    }
    if (reserved > 0) {
      budget.release(reserved);
      reserved = 0;
    }
    budget.endPrivilege(waiter);
  }
}
