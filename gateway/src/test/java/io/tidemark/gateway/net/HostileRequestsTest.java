package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

/**
 * Requests of every API and version with bytes changed at random, cut short, or with lengths made
 * huge: they are understood or refused, and nothing else happens. {@code -Dtidemark.fuzz.cases}
 * says how many, {@code -Dtidemark.seed} repeats a run.
 */
class HostileRequestsTest {
  private static final int CASES = Integer.getInteger("tidemark.fuzz.cases", 40_000);

  private final ServedApis everything = everything();

  private static ServedApis everything() {
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    for (ApiKeys key : ApiKeys.values()) {
      if (key.hasValidVersion()) {
        versions.put(key, new ServedApis.Versions(key.oldestVersion(), key.latestVersion()));
      }
    }
    return new ServedApis(versions);
  }

  @Test
  @Scenario({"S-169", "S-170"})
  void nothingButARefusalComesOfThem() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    Random random = new Random(seed);
    List<byte[]> seeds = seeds();
    for (int i = 0; i < CASES; i++) {
      byte[] request = seeds.get(random.nextInt(seeds.size())).clone();
      byte[] hostile = mutate(request, random);
      int round = i;
      assertThatCode(() -> RequestDecoder.decode(ByteBuffer.wrap(hostile), everything))
          .as("seed %s case %s", seed, round)
          .doesNotThrowAnyException();
    }
  }

  /** An empty request of each API in each version. */
  private static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (ApiKeys key : ApiKeys.values()) {
      if (key.hasValidVersion()) {
        for (short version = key.oldestVersion(); version <= key.latestVersion(); version++) {
          seeds.add(request(key, version));
        }
      }
    }
    return seeds;
  }

  private static byte[] request(ApiKeys key, short version) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setCorrelationId(7)
            .setClientId("fuzz");
    ByteBuffer out = ByteBuffer.allocate(4_096);
    write(header, key.requestHeaderVersion(version), out);
    write(key.messageType.newRequest(), version, out);
    byte[] bytes = new byte[out.flip().remaining() + 32]; // zeroes behind, for fields to grow into
    out.get(bytes, 0, out.remaining());
    return bytes;
  }

  private static void write(ApiMessage message, short version, ByteBuffer out) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    message.addSize(new MessageSizeAccumulator(), cache, version);
    message.write(new ByteBufferAccessor(out), cache, version);
  }

  private static byte[] mutate(byte[] request, Random random) {
    int bodyAt = Math.min(8, request.length - 1);
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = bodyAt + random.nextInt(request.length - bodyAt);
      switch (random.nextInt(4)) {
        case 0 -> request[at] = (byte) random.nextInt();
        case 1 -> request[at] = (byte) 0xff;
        case 2 -> request[at] = 0x7f;
        default -> {
          if (at + 4 <= request.length) {
            ByteBuffer.wrap(request)
                .putInt(at, random.nextInt(4) == 0 ? -1 : 1 << random.nextInt(31));
          }
        }
      }
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(request.length) : request.length;
    return java.util.Arrays.copyOf(request, length);
  }
}
