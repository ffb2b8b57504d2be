package io.tidemark.tests.hostile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;

/** Frames that a hostile client may send, from a seed. */
final class FuzzFrames {

  /** An API in one of its versions. */
  record Call(ApiKeys key, short version) {}

  private static final List<Call> CALLS = calls();

  private final RandomGenerator random;
  private final RandomRequests requests;
  private final List<Call> served;
  private int correlationId;

  /** Without what does as asked when it takes the node out of its cluster. */
  private static final List<Call> DRAWN =
      CALLS.stream().filter(call -> call.key() != ApiKeys.UNREGISTER_BROKER).toList();

  FuzzFrames(RandomGenerator random, FuzzedNode node) {
    this.random = random;
    this.served = DRAWN.stream().filter(node::serves).toList();
    this.requests =
        new RandomRequests(
            random,
            List.of("victim", "absent", "group", "1"),
            List.of(node.victim(), Uuid.ZERO_UUID, new Uuid(4, 2)));
  }

  /** Every API that Kafka 4.4 has, in every version, whether it is served here or not. */
  static List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (ApiKeys key : ApiKeys.values()) {
      for (short version = 0; version < key.messageType.requestSchemas().length; version++) {
        if (key.messageType.requestSchemas()[version] != null) {
          calls.add(new Call(key, version));
        }
      }
    }
    return calls;
  }

  /** A well-formed body of this API and where everything in it lies. */
  PlacedBody placed(Call call) {
    return requests.placed(call.key(), call.version());
  }

  FuzzFrame frame(Call call, byte[] body) {
    return FuzzFrame.of(call.key(), call.version(), ++correlationId, body);
  }

  /** The next frame whose size and header are right. */
  FuzzFrame next() {
    Call call = anyCall();
    return switch (random.nextInt(10)) {
      case 0, 1 -> frame(call, planted(placed(call)));
      case 2 -> frame(call, toArray(body(anyCall())));
      default -> frame(call, toArray(body(call)));
    };
  }

  private Call anyCall() {
    List<Call> from = random.nextInt(16) == 0 ? DRAWN : served;
    return from.get(random.nextInt(from.size()));
  }

  private ByteBuffer body(Call call) {
    return requests.body(call.key(), call.version());
  }

  private byte[] planted(PlacedBody body) {
    if (body.places().isEmpty()) {
      return body.bytes();
    }
    Place place = body.places().get(random.nextInt(body.places().size()));
    int bomb = random.nextInt(LengthBombs.count(place));
    return LengthBombs.plant(body.bytes(), place, bomb, random.nextInt(4) == 0);
  }

  /** A piece of a stream in which anything may be wrong: sizes, headers, where it ends. */
  byte[] nextNoise() {
    byte[] bytes = next().bytes();
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(Math.min(bytes.length, 24))] = (byte) random.nextInt();
    }
    int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length + 1);
    return java.util.Arrays.copyOf(bytes, length);
  }

  /** How so many bytes are cut on their way, into some hundred pieces at most. */
  int nextPieceBytes(int length) {
    return switch (random.nextInt(8)) {
      case 0 -> 1 + length / 500;
      case 1 -> random.nextInt(1, 64) + length / 100;
      default -> Integer.MAX_VALUE;
    };
  }

  private static byte[] toArray(ByteBuffer buffer) {
    byte[] array = new byte[buffer.remaining()];
    buffer.get(array);
    return array;
  }
}
