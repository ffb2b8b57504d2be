package io.tidemark.gateway.net;

import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's client uses, against what it may use. Used by the connection's loop alone.
 */
public interface Throttle {

  /** Counts nothing and lets everybody go on. */
  Throttle NONE =
      new Throttle() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public int charge(Request request, @Nullable ApiMessage answer, long busyNs) {
          return 0;
        }
      };

  /** Whether anything is counted at all; asked for every request, so it costs a volatile read. */
  boolean isOn();

  /**
   * Counts a request that is about to be answered, and tells the client in the answer how long it
   * is not heard after it.
   *
   * @param answer null when it gets none
   * @param busyNs for how long the loop was busy with it
   * @return for how many milliseconds nothing more is read; 0 goes on
   */
  int charge(Request request, @Nullable ApiMessage answer, long busyNs);
}
