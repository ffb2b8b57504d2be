package io.tidemark.tiering.store;

import java.util.List;
import java.util.Optional;

/** One page of a listing, in key order. {@code isLast} is false when another page may follow. */
public record ListPage(List<ObjectInfo> objects, boolean isLast) {
  public ListPage {
    objects = List.copyOf(objects);
  }

  /** Where the next page starts after, or empty when this is the last. */
  public Optional<String> nextStartAfter() {
    return isLast || objects.isEmpty() ? Optional.empty() : Optional.of(objects.getLast().key());
  }
}
