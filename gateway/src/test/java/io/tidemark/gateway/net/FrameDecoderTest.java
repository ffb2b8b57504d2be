package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private static final int MAX_BYTES = 8 << 20;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final FrameBudget budget = new FrameBudget(64 << 20);
  private final LandingBuffer landing = new LandingBuffer(allocator);
  private int wakes;
  private final FrameDecoder decoder = decoder(budget);
  private final List<byte[]> frames = new ArrayList<>();

  private FrameDecoder decoder(FrameBudget of) {
    return new FrameDecoder(MAX_BYTES, of, () -> wakes++, landing, allocator);
  }

  @AfterEach
  void everythingIsGivenBack() {
    decoder.close();
    landing.close();
    assertThat(budget.usedBytes()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void framesSplitAtEveryByteComeOutWhole() throws Exception {
    byte[][] sent = {body(1, 3), body(0, 40), body(18, 2), body(3, 300)};
    byte[] stream = stream(sent);
    for (int split = 0; split <= stream.length; split++) {
      frames.clear();
      feed(stream, 0, split);
      feed(stream, split, stream.length);
      assertThat(frames).as("split at %s", split).containsExactly(sent);
    }
  }

  @Test
  void bytesThatComeOneByOneAreEnough() throws Exception {
    byte[][] sent = {body(0, 5), body(1, 2), body(0, 5_000)};
    byte[] stream = stream(sent);
    for (int i = 0; i < stream.length; i++) {
      feed(stream, i, i + 1);
    }
    assertThat(frames).containsExactly(sent);
  }

  @Test
  void anyMixtureOfSizesAndSplitsComesOutWhole() throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      byte[][] sent = new byte[1 + random.nextInt(8)][];
      for (int i = 0; i < sent.length; i++) {
        int size = 2 + (int) Math.pow(10, random.nextDouble() * 6.2);
        sent[i] = body(random.nextInt(3), size);
      }
      byte[] stream = stream(sent);
      frames.clear();
      int at = 0;
      while (at < stream.length) {
        int end = Math.min(stream.length, at + 1 + (int) Math.pow(10, random.nextDouble() * 6));
        feed(stream, at, end);
        at = end;
      }
      assertThat(frames).as("seed %s round %s", seed, round).containsExactly(sent);
    }
  }

  @Test
  void aLargeFrameIsReadIntoItsOwnBuffer() throws Exception {
    byte[] body = body(0, 1_000_000);
    byte[] stream = stream(body);
    feed(stream, 0, 64 << 10);
    ByteBuf second = decoder.readBuffer();
    assertThat(second.writerIndex()).isEqualTo((64 << 10) - 4);
    assertThat(second.writableBytes()).isEqualTo(stream.length - (64 << 10));
    second.release();
    feed(stream, 64 << 10, stream.length);
    assertThat(frames).containsExactly(body);
  }

  @Test
  void framesOfABatchEachLandSeveralAtATimeAndAreNotCopied() throws Exception {
    byte[] body = body(0, 64 << 10);
    feed(stream(body));
    ByteBuf in = decoder.readBuffer();
    assertThat(in.writableBytes()).isEqualTo(LandingBuffer.SIZE_BYTES);
    in.writeBytes(stream(body, body, body));
    decoder.received(in);
    for (int i = 0; i < 3; i++) {
      assertThat(decoder.advance()).isEqualTo(FrameDecoder.Ready.FRAME);
      Frame frame = decoder.take();
      assertThat(in.refCnt()).as("the frame is part of what landed").isGreaterThan(1);
      frame.release();
    }
    decoder.park();
  }

  @Test
  void afterALargeFrameLittleOfTheNextLandsWhereItHasToBeCopied() throws Exception {
    feed(stream(body(0, 1_000_000)));
    ByteBuf in = decoder.readBuffer();
    assertThat(in.writableBytes()).isEqualTo(64 << 10);
    in.release();
  }

  @Test
  @Scenario("S-167")
  void memoryIsTakenForWhatHasArrivedAndNotForWhatIsAnnounced() throws Exception {
    byte[] announcement = ByteBuffer.allocate(4).putInt(MAX_BYTES).array();
    feed(announcement, 0, 4);
    assertThat(budget.usedBytes()).isZero();
    feed(new byte[100], 0, 100);
    assertThat(budget.usedBytes()).isBetween(100L, 1_600L);
    feed(new byte[10_000], 0, 10_000);
    assertThat(budget.usedBytes()).isBetween(10_100L, 161_600L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, MAX_BYTES + 1, Integer.MAX_VALUE})
  void aSizeOutOfRangeIsRefusedBeforeAnythingIsAllocated(int size) {
    byte[] announcement = ByteBuffer.allocate(4).putInt(size).array();
    assertThatThrownBy(() -> feed(announcement, 0, 4))
        .isInstanceOf(InvalidFrameException.class)
        .hasMessageContaining(String.valueOf(size));
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  @Scenario("S-171")
  void otherProtocolsAreCalledByTheirName() {
    assertThatThrownBy(() -> feed("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("HTTP");
  }

  @Test
  @Scenario("S-171")
  void tlsAndSshAreRecognised() {
    assertThat(Preamble.protocol(0x16030100)).isEqualTo("TLS");
    assertThat(Preamble.protocol(0x5353482d)).isEqualTo("SSH");
    assertThat(Preamble.protocol(100)).isNull();
    assertThat(Preamble.protocol(0x16040100)).isNull();
  }

  @Test
  void aSmallProduceDoesNotHoldTheLandingBuffer() throws Exception {
    byte[] stream = stream(body(0, 200));
    ByteBuf in = decoder.readBuffer();
    in.writeBytes(stream);
    decoder.received(in);
    assertThat(decoder.advance()).isEqualTo(FrameDecoder.Ready.FRAME);
    Frame frame = decoder.take();
    decoder.park();
    assertThat(in.refCnt()).isEqualTo(1);
    frame.release();
  }

  @Test
  void whatCannotBeTakenYetIsKeptWithoutTheLandingBuffer() throws Exception {
    byte[][] sent = {body(3, 50), body(3, 60)};
    ByteBuf in = decoder.readBuffer();
    in.writeBytes(stream(sent));
    decoder.received(in);
    decoder.park();
    assertThat(in.refCnt()).isEqualTo(1);
    assertThat(decoder.isInFrame()).isTrue();
    takeAll();
    assertThat(frames).containsExactly(sent);
    assertThat(decoder.isInFrame()).isFalse();
  }

  @Test
  void pastTheBudgetFramesWaitUntilMemoryIsReleased() throws Exception {
    FrameBudget small = new FrameBudget(10_000);
    FrameDecoder privileged = decoder(small);
    FrameDecoder waiting = decoder(small);
    assertThat(offer(privileged, body(0, 9_000))).isEqualTo(FrameDecoder.Ready.FRAME);
    Frame first = privileged.take();
    assertThat(offer(privileged, body(0, 9_000))).isEqualTo(FrameDecoder.Ready.FRAME);
    Frame overshoot = privileged.take();
    assertThat(offer(waiting, body(0, 9_000))).isEqualTo(FrameDecoder.Ready.NEEDS_MEMORY);
    first.release();
    assertThat(wakes).isZero();
    overshoot.release();
    assertThat(wakes).isEqualTo(1);
    assertThat(waiting.advance()).isEqualTo(FrameDecoder.Ready.FRAME);
    waiting.take().release();
    privileged.park();
    waiting.park();
    assertThat(small.usedBytes()).isZero();
  }

  @Test
  @Scenario("S-186")
  void whatStrangersBeginIsPaidByStrangersAndWhatIsWholeDoesNotWait() throws Exception {
    FrameBudget small = new FrameBudget(80_000);
    FrameBudget strangers = FrameBudget.ofStrangers(small);
    List<FrameDecoder> begun = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FrameDecoder stranger = decoder(small);
      stranger.payFrom(strangers, false);
      begun.add(stranger);
      begin(stranger, 9_000);
    }
    assertThat(begun.get(0).advance()).isEqualTo(FrameDecoder.Ready.NEEDS_BYTES);
    assertThat(begun.get(1).advance())
        .as("one may always")
        .isEqualTo(FrameDecoder.Ready.NEEDS_BYTES);
    assertThat(begun.get(2).advance()).isEqualTo(FrameDecoder.Ready.NEEDS_MEMORY);
    assertThat(small.usedBytes()).isZero();

    FrameDecoder login = decoder(small);
    login.payFrom(strangers, false);
    assertThat(offer(login, body(17, 500))).isEqualTo(FrameDecoder.Ready.FRAME);
    login.take().release();
    login.payFrom(small, true);
    assertThat(offer(login, body(0, 9_000))).isEqualTo(FrameDecoder.Ready.FRAME);
    assertThat(small.usedBytes()).isEqualTo(9_000);
    login.take().release();

    begun.forEach(FrameDecoder::close);
    login.close();
    assertThat(small.usedBytes()).isZero();
    assertThat(strangers.usedBytes()).isZero();
  }

  /** Sends a tenth of a frame. */
  private void begin(FrameDecoder to, int sizeBytes) {
    ByteBuf in = allocator.directBuffer(sizeBytes);
    in.writeInt(sizeBytes).writeZero(sizeBytes / 10);
    to.received(in);
  }

  @Test
  void whatIsHeldGoesAlongToAnotherBudget() throws Exception {
    FrameBudget before = new FrameBudget(100_000);
    FrameBudget after = new FrameBudget(100_000);
    FrameDecoder moving = decoder(before);
    begin(moving, 9_000);
    assertThat(moving.advance()).isEqualTo(FrameDecoder.Ready.NEEDS_BYTES);
    long held = before.usedBytes();
    assertThat(held).isPositive();

    moving.payFrom(after, true);

    assertThat(before.usedBytes()).isZero();
    assertThat(after.usedBytes()).isEqualTo(held);
    moving.close();
    assertThat(after.usedBytes()).isZero();
  }

  private FrameDecoder.Ready offer(FrameDecoder to, byte[] body) throws Exception {
    ByteBuf in = allocator.directBuffer(body.length + 4);
    in.writeInt(body.length).writeBytes(body);
    to.received(in);
    FrameDecoder.Ready ready = to.advance();
    return ready;
  }

  private void feed(byte[] bytes) throws Exception {
    feed(bytes, 0, bytes.length);
  }

  /** Reads as a channel does: as much as the buffer offered takes, until all is read. */
  private void feed(byte[] bytes, int from, int to) throws Exception {
    int at = from;
    while (at < to) {
      ByteBuf buffer = decoder.readBuffer();
      int length = Math.min(to - at, buffer.writableBytes());
      buffer.writeBytes(bytes, at, length);
      at += length;
      decoder.received(buffer);
      takeAll();
      decoder.park();
    }
  }

  private void takeAll() throws Exception {
    while (decoder.advance() == FrameDecoder.Ready.FRAME) {
      Frame frame = decoder.take();
      byte[] bytes = new byte[frame.sizeBytes()];
      frame.buffer().get(bytes);
      frames.add(bytes);
      frame.release();
    }
  }

  private static byte[] body(int apiKey, int size) {
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    ByteBuffer.wrap(body).putShort((short) apiKey);
    return body;
  }

  private static byte[] stream(byte[]... bodies) {
    byte[][] parts = new byte[bodies.length * 2][];
    for (int i = 0; i < bodies.length; i++) {
      parts[2 * i] = ByteBuffer.allocate(4).putInt(bodies[i].length).array();
      parts[2 * i + 1] = bodies[i];
    }
    return Wire.concat(parts);
  }
}
