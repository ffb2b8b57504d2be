package io.tidemark.metadata.image;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What is kept of a user's password (RFC 5802): enough to check a proof, not to make one.
 * Immutable; says nothing of itself as text.
 */
public final class ScramSecret {
  private final byte[] salt;
  private final byte[] storedKey;
  private final byte[] serverKey;
  private final int iterations;

  public ScramSecret(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations) {
    this.salt = salt.clone();
    this.storedKey = storedKey.clone();
    this.serverKey = serverKey.clone();
    this.iterations = iterations;
  }

  public byte[] salt() {
    return salt.clone();
  }

  public byte[] storedKey() {
    return storedKey.clone();
  }

  public byte[] serverKey() {
    return serverKey.clone();
  }

  public int iterations() {
    return iterations;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScramSecret that
        && iterations == that.iterations
        && Arrays.equals(salt, that.salt)
        && MessageDigest.isEqual(storedKey, that.storedKey)
        && MessageDigest.isEqual(serverKey, that.serverKey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(salt);
  }

  @Override
  public String toString() {
    return "[hidden]";
  }
}
