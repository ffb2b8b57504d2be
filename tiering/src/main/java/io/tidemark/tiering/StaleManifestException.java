package io.tidemark.tiering;

import org.apache.kafka.common.TopicIdPartition;

/** Somebody else committed a manifest meanwhile: begin anew from the current one. */
final class StaleManifestException extends Exception {
  private static final long serialVersionUID = 1L;

  StaleManifestException(TopicIdPartition partition, long version) {
    super("manifest " + version + " of " + partition + " has an old parent");
  }
}
