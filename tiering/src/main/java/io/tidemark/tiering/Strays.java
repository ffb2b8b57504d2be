package io.tidemark.tiering;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Objects this leader put (or may have put) and does not know to be referenced: of uploads and
 * commits that failed half-way. They are marked for deletion by the next commit, once the manifest
 * read anew shows that it does not use them; what a crash makes us forget, or is too much to
 * remember, the orphan sweep finds. Used by the partition's turn only.
 */
final class Strays {
  private static final int MOST = 256;

  private final Set<String> keys = new LinkedHashSet<>();

  /** To be called before the object is put. */
  void putting(String key) {
    if (keys.size() < MOST) {
      keys.add(key);
    }
  }

  /** These are referenced by, or marked in, a committed manifest. */
  void settled(Collection<String> named) {
    keys.removeAll(named);
  }

  List<String> keys() {
    return new ArrayList<>(keys);
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }
}
