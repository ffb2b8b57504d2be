package io.tidemark.gateway.security.audit;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Which APIs change something, and what they say of it. What was asked is read before anybody takes
 * parts out of the request, what came of it from the answer. Values of settings are left out, since
 * they may be secret.
 */
final class Changes {
  static final Asked NOTHING = _ -> List.of();

  private static final Readers READERS = new Readers();

  static {
    TopicChanges.addTo(READERS);
    ConfigChanges.addTo(READERS);
    SecurityChanges.addTo(READERS);
    ClusterChanges.addTo(READERS);
  }

  private Changes() {}

  /** One thing that was changed, or was to be. */
  record Changed(String type, String name, String detail, Errors error) {
    static Changed of(String type, String name, String detail, short errorCode) {
      return new Changed(type, name, detail, Errors.forCode(errorCode));
    }
  }

  /** What was asked, waiting for its answer. */
  @FunctionalInterface
  interface Asked {
    List<Changed> answered(ApiMessage answer);
  }

  /** How the requests of each API that changes something are read. */
  static final class Readers {
    private final Map<ApiKeys, Function<ApiMessage, Asked>> byApi = new EnumMap<>(ApiKeys.class);

    private Readers() {}

    <Q extends ApiMessage> void add(ApiKeys api, Class<Q> type, Function<Q, Asked> reader) {
      byApi.put(api, request -> reader.apply(type.cast(request)));
    }
  }

  static boolean mayCome(ApiKeys api) {
    return READERS.byApi.containsKey(api);
  }

  static Asked asked(ApiKeys api, ApiMessage request) {
    return READERS.byApi.getOrDefault(api, _ -> NOTHING).apply(request);
  }

  /** Reads an answer of the type that belongs to the request; one of another type says nothing. */
  static <R> Asked answered(Class<R> type, Function<R, Stream<Changed>> reader) {
    return answer -> type.isInstance(answer) ? reader.apply(type.cast(answer)).toList() : List.of();
  }

  /** For an answer that has one error for each thing asked, in the same order. */
  static <T> Stream<Changed> inOrder(
      List<Changed> asked, List<T> results, Function<T, Short> errorCode) {
    return IntStream.range(0, Math.min(asked.size(), results.size()))
        .mapToObj(i -> with(asked.get(i), errorCode.apply(results.get(i))));
  }

  private static Changed with(Changed asked, short errorCode) {
    return Changed.of(asked.type, asked.name, asked.detail, errorCode);
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
