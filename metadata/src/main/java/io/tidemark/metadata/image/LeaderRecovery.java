package io.tidemark.metadata.image;

/**
 * Whether a partition's leader was elected cleanly, or has yet to say that it recovered from an
 * unclean election. Kafka's leader recovery state, with its numbers.
 */
public enum LeaderRecovery {
  RECOVERED(0),
  RECOVERING(1);

  private final byte code;

  LeaderRecovery(int code) {
    this.code = (byte) code;
  }

  /** The number AlterPartition carries. */
  public byte code() {
    return code;
  }

  /**
   * The state with a number.
   *
   * @throws IllegalArgumentException for a number that is no state
   */
  public static LeaderRecovery of(int code) {
    return switch (code) {
      case 0 -> RECOVERED;
      case 1 -> RECOVERING;
      default -> throw new IllegalArgumentException("No leader recovery state " + code);
    };
  }
}
