package io.tidemark.gateway.quota;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Writes the throttle time into any response that has one. The generated classes have the method
 * and no interface for it, so it is looked up, once for each.
 */
final class ThrottleTimes {
  private static final ClassValue<Optional<MethodHandle>> SETTERS =
      new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
          try {
            return Optional.of(
                MethodHandles.publicLookup()
                    .findVirtual(type, "setThrottleTimeMs", MethodType.methodType(type, int.class))
                    .asType(MethodType.methodType(void.class, ApiMessage.class, int.class)));
          } catch (NoSuchMethodException e) {
            return Optional.empty(); // a response without one
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(type + " is not public", e);
          }
        }
      };

  private ThrottleTimes() {}

  static void set(ApiMessage response, int throttleTimeMs) {
    Optional<MethodHandle> setter = SETTERS.get(response.getClass());
    if (setter.isEmpty()) {
      return;
    }
    try {
      setter.get().invokeExact(response, throttleTimeMs);
    } catch (Throwable e) {
      throw new IllegalStateException("no throttle time in " + response.getClass(), e);
    }
  }
}
