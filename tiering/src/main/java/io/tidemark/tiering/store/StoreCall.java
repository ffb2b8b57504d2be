package io.tidemark.tiering.store;

/** A call of a store, as decorators pass it on. */
@FunctionalInterface
interface StoreCall<T> {
  T run() throws ObjectStoreException;

  /** The operations, as metrics name them. */
  enum Operation {
    PUT,
    READ,
    HEAD,
    DELETE,
    LIST,
    ABORT;

    /** Reads answer fetches and are not to wait behind uploads. */
    boolean isRead() {
      return this == READ || this == HEAD;
    }
  }
}
