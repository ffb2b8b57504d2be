package io.tidemark.gateway.net;

/** What {@link ConnectionLimits} say to a new connection. */
sealed interface Admission {

  /** It is counted in. */
  record Admitted() implements Admission {}

  /** Its address has too many already: it is closed. */
  record Refused(String why) implements Admission {}

  /**
   * Its address brings them too fast: it is closed after a while, so that whoever turns in circles
   * does so slowly. Others do not wait for it.
   */
  record RefusedLater(String why, long waitNs) implements Admission {}

  /** There are as many as may be: it waits until another one closes. */
  record Full() implements Admission {}

  /** They come too fast: it waits so long. */
  record TooFast(long waitNs) implements Admission {}
}
