package io.tidemark.log.replica;

/** What a replica is at this moment; see the state diagram in {@link ReplicaCore}. */
public enum Role {
  LEADER,
  FOLLOWER,
  /** Serves nothing: not assigned yet, closed, deleted, or its log directory has failed. */
  OFFLINE
}
