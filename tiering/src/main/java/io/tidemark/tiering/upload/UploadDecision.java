package io.tidemark.tiering.upload;

/** What to do about the closed segments of a partition. */
public sealed interface UploadDecision {
  /** Upload the segment that starts here, now. */
  record Upload(long baseOffset) implements UploadDecision {}

  /** The oldest waiting segment becomes due by itself at this time. */
  record NotBefore(long timeMs) implements UploadDecision {}

  /** Nothing is due until the log changes. */
  record Nothing() implements UploadDecision {}
}
