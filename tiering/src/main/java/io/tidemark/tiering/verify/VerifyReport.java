package io.tidemark.tiering.verify;

import java.util.List;

/**
 * The result of reading back everything a topic has in the store.
 *
 * @param records of all batches that were read
 * @param findings the first {@value #MOST_FINDINGS}
 * @param problems how many findings were problems, those left out included
 * @param unreferenced how many objects nothing refers to
 */
public record VerifyReport(
    String topic,
    int partitions,
    long manifests,
    long segments,
    long bytesRead,
    long records,
    long problems,
    long unreferenced,
    List<Finding> findings) {
  public static final int MOST_FINDINGS = 1000;

  public VerifyReport {
    findings = List.copyOf(findings);
  }

  /** Everything is there and as it should be. */
  public boolean isGood() {
    return problems == 0;
  }
}
