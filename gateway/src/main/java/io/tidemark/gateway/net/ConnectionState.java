package io.tidemark.gateway.net;

/**
 * Where a connection is in its life; {@link Connection} alone switches on it.
 *
 * <pre>
 *               client ends its side
 *   Serving ───────────────────────────► InputEnded ──┐ nothing owed
 *      │  node stops                         │        │
 *      ├────────────────► Draining ◄─────────┘        │
 *      │                     │ nothing owed           ▼
 *      │ handler's close     └─────────────────────► Closing ──► Closed
 *      └───────────────────────────────────────────────┘           ▲
 *      any state: bad bytes, time-out, error, client gone ─────────┘
 * </pre>
 *
 * A client that fails to authenticate goes from Serving to Rejected, where it waits a while for its
 * answer, and on to Closing.
 */
sealed interface ConnectionState {

  /** Whether requests that have arrived are taken up. */
  boolean takesRequests();

  /** Whether the connection ends as soon as it owes nothing. */
  boolean endsWhenIdle();

  /** Reads, handles, answers. */
  record Serving() implements ConnectionState {
    @Override
    public boolean takesRequests() {
      return true;
    }

    @Override
    public boolean endsWhenIdle() {
      return false;
    }
  }

  /** The client will send nothing more; what has arrived is handled and answered. */
  record InputEnded() implements ConnectionState {
    @Override
    public boolean takesRequests() {
      return true;
    }

    @Override
    public boolean endsWhenIdle() {
      return true;
    }
  }

  /** The node stops: what was taken up is answered, no more. */
  record Draining() implements ConnectionState {
    @Override
    public boolean takesRequests() {
      return false;
    }

    @Override
    public boolean endsWhenIdle() {
      return true;
    }
  }

  /** The client could not say who it is; it is told in a while, and nothing more is heard. */
  record Rejected() implements ConnectionState {
    @Override
    public boolean takesRequests() {
      return false;
    }

    @Override
    public boolean endsWhenIdle() {
      return false;
    }
  }

  /** The last answers are on their way out. */
  record Closing() implements ConnectionState {
    @Override
    public boolean takesRequests() {
      return false;
    }

    @Override
    public boolean endsWhenIdle() {
      return false;
    }
  }

  /** The socket is closed and everything given back. */
  record Closed() implements ConnectionState {
    @Override
    public boolean takesRequests() {
      return false;
    }

    @Override
    public boolean endsWhenIdle() {
      return false;
    }
  }
}
