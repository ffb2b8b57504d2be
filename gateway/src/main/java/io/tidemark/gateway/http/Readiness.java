package io.tidemark.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;

/**
 * What must be true before the node counts as ready: conditions by name, asked at every look.
 * Conditions never depend on the object store. Safe from any thread.
 */
public final class Readiness {
  private final Map<String, BooleanSupplier> conditions = new ConcurrentSkipListMap<>();

  /** Adds a condition; {@code name} says what is there when it holds: "listening". */
  public void require(String name, BooleanSupplier condition) {
    conditions.put(name, condition);
  }

  /** Names of the conditions that do not hold, in alphabetical order. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    conditions.forEach((name, condition) -> {
      if (!condition.getAsBoolean()) {
        missing.add(name);
      }
    });
    return missing;
  }
}
