package io.tidemark.metadata.quorum;

/** Why the quorum did not do something, named by what the caller does next. */
public abstract sealed class QuorumException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private QuorumException(String message) {
    super(message, null, false, false);
  }

  /**
   * Nothing was written and nothing will be: another voter leads, or none, or a later term runs.
   */
  public static final class NotLeader extends QuorumException {
    private static final long serialVersionUID = 1;

    public NotLeader(String message) {
      super(message);
    }
  }

  /** It may have been written, or may yet be. */
  public static final class OutcomeUnknown extends QuorumException {
    private static final long serialVersionUID = 1;

    public OutcomeUnknown(String message) {
      super(message);
    }
  }

  /** Nothing was done, because something of its kind is under way; to be tried again. */
  public static final class Busy extends QuorumException {
    private static final long serialVersionUID = 1;

    public Busy(String message) {
      super(message);
    }
  }

  /** Nothing was done, because this voter listens for no other. */
  public static final class Alone extends QuorumException {
    private static final long serialVersionUID = 1;

    public Alone(String message) {
      super(message);
    }
  }

  /** The quorum was closed, or stopped because its folder failed. */
  public static final class Closed extends QuorumException {
    private static final long serialVersionUID = 1;

    public Closed(String message) {
      super(message);
    }
  }
}
