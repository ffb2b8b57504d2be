package io.tidemark.gateway.config;

/** One voter of the metadata quorum: {@code id@host:port}. */
public record QuorumVoter(int id, HostPort address) {

  @Override
  public String toString() {
    return id + "@" + address;
  }
}
