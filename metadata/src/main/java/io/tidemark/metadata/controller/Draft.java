package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events decided so far and the cluster as it will be with them, so that each decision sees the
 * ones before it.
 *
 * <p>Events that only make sense together form a group and are committed in one entry. One thread;
 * thrown away when they are committed or refused.
 */
final class Draft {
  private final ClusterImage base;
  private final ImageFold fold;
  private final List<List<Event>> groups = new ArrayList<>();
  private @Nullable ClusterImage current;

  /** Where the next entry can be expected at the earliest. */
  private final long index;

  Draft(ClusterImage base) {
    this.base = base;
    this.fold = new ImageFold(base);
    this.current = base;
    this.index = base.version() + 1;
  }

  /** The cluster with everything decided so far. */
  ClusterImage image() {
    ClusterImage image = current;
    if (image == null) {
      image = fold.image(base.version());
      current = image;
    }
    return image;
  }

  /** Decides a group of events. */
  void add(Event... events) {
    add(List.of(events));
  }

  void add(List<? extends Event> events) {
    if (events.isEmpty()) {
      return;
    }
    for (Event event : events) {
      if (!fold.apply(event, index)) {
        throw new IllegalStateException("Decided what the fold refuses: " + event);
      }
    }
    current = null;
    groups.add(List.copyOf(events));
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  List<List<Event>> groups() {
    return groups;
  }

  /** A draft that starts from here and leads nowhere: to validate without deciding. */
  Draft copy() {
    return new Draft(image());
  }
}
