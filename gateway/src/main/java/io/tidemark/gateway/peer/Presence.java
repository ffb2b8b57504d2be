package io.tidemark.gateway.peer;

/** Whether anybody listens at an address. */
public enum Presence {
  /** A connection was opened. */
  THERE,
  /** The machine is there and refused: nobody listens. */
  REFUSES,
  /** No answer in time, or no way to the machine. */
  UNKNOWN
}
