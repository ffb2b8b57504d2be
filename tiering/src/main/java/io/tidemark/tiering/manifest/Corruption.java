package io.tidemark.tiering.manifest;

import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;

/** How this package says that stored bytes are not what they should be. */
final class Corruption {
  private Corruption() {}

  static void unless(boolean isSound, String what, long value) throws ObjectStoreException {
    if (!isSound) {
      throw new ObjectStoreException(Kind.CORRUPT, "unexpected " + what + " " + value);
    }
  }

  static ObjectStoreException of(String what, Exception cause) {
    return new ObjectStoreException(
        Kind.CORRUPT, "not a " + what + ": " + cause.getMessage(), cause);
  }
}
