package io.tidemark.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private final FrameReader reader = new FrameReader(1_000);
  private final List<ByteBuffer> frames = new ArrayList<>();

  private static ByteBuf stream(int... sizes) {
    ByteBuf stream = Unpooled.buffer();
    for (int size : sizes) {
      stream.writeInt(size);
      for (int i = 0; i < size; i++) {
        stream.writeByte(i);
      }
    }
    return stream;
  }

  private List<Integer> sizes() {
    return frames.stream().map(ByteBuffer::remaining).toList();
  }

  @Test
  void framesThatComeTogetherAreHandedOverOneByOne() {
    reader.read(stream(3, 0, 5), frames::add);

    assertThat(sizes()).containsExactly(3, 0, 5);
    assertThat(frames.getFirst()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, 2}));
  }

  @Test
  void aFrameMayComeInPiecesOfAnySize() {
    for (int piece = 1; piece < 20; piece++) {
      ByteBuf stream = stream(7, 200, 1);
      frames.clear();
      while (stream.isReadable()) {
        reader.read(stream.readSlice(Math.min(piece, stream.readableBytes())), frames::add);
      }
      assertThat(sizes()).as("pieces of %d", piece).containsExactly(7, 200, 1);
    }
  }

  @Test
  void aFrameOfAnImpossibleSizeIsRefusedBeforeMemoryIsTaken() {
    assertThatThrownBy(() -> reader.read(Unpooled.buffer().writeInt(1_001), frames::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1001");
    assertThatThrownBy(() -> new FrameReader(10).read(Unpooled.buffer().writeInt(-1), frames::add))
        .isInstanceOf(IllegalStateException.class);
  }
}
