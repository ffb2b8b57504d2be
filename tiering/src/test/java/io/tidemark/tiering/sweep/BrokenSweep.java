package io.tidemark.tiering.sweep;

import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.lang.reflect.Field;
import java.util.List;

/**
 * A mistake one could make in the sweep, to be put into its class by tests that show that the
 * simulation notices. Called from broken code only.
 */
public final class BrokenSweep {
  private BrokenSweep() {}

  /** What no manifest refers to is deleted at once, before any commit has named it. */
  static List<String> deletesAtOnce(OrphanSweep sweep, List<String> found)
      throws ObjectStoreException {
    if (!found.isEmpty()) {
      storeOf(sweep).delete(found);
    }
    return List.of();
  }

  private static ObjectStore storeOf(OrphanSweep sweep) {
    try {
      Field store = OrphanSweep.class.getDeclaredField("store");
      store.setAccessible(true);
      return (ObjectStore) store.get(sweep);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a sweep without a store", e);
    }
  }
}
