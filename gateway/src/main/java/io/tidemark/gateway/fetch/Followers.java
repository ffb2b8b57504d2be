package io.tidemark.gateway.fetch;

import io.tidemark.gateway.net.Request;

/** Who may fetch as a replica, and so move high watermarks. Safe from any thread; never waits. */
@FunctionalInterface
public interface Followers {

  boolean mayFollow(Request request, int replicaId);
}
