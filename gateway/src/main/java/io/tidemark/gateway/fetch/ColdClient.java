package io.tidemark.gateway.fetch;

/** Whose turn it is at the store: one user's client, however many connections it has. */
record ColdClient(String user, String clientId) {

  static ColdClient of(FetchParameters fetch) {
    return new ColdClient(fetch.access().principal().getName(), fetch.clientId());
  }
}
