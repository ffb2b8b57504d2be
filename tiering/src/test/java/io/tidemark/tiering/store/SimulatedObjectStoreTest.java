package io.tidemark.tiering.store;

final class SimulatedObjectStoreTest extends ObjectStoreContract {
  private final SimulatedObjectStore store = new SimulatedObjectStore();

  @Override
  protected ObjectStore store() {
    return store;
  }
}
