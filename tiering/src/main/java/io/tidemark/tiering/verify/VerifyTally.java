package io.tidemark.tiering.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;

/** Counts for one verification, and tells its progress. One thread. */
final class VerifyTally {
  private final int partitions;
  private final Consumer<VerifyProgress> progress;
  private final List<Finding> findings = new ArrayList<>();
  private int partitionsDone;
  private long manifests;
  private long segments;
  private long segmentsDone;
  private long bytesRead;
  private long records;
  private long problems;
  private long unreferenced;

  VerifyTally(int partitions, Consumer<VerifyProgress> progress) {
    this.partitions = partitions;
    this.progress = progress;
  }

  void found(Finding.Kind kind, TopicIdPartition partition, String key, String detail) {
    Finding finding = new Finding(kind, partition, key, detail);
    problems += finding.isProblem() ? 1 : 0;
    unreferenced += finding.isProblem() ? 0 : 1;
    if (findings.size() < VerifyReport.MOST_FINDINGS) {
      findings.add(finding);
    }
  }

  void manifest(int sizeBytes, int listedSegments) {
    manifests++;
    bytesRead += sizeBytes;
    segments += listedSegments;
    tell();
  }

  void read(long bytes) {
    bytesRead += bytes;
    tell();
  }

  void records(long count) {
    records += count;
  }

  void segmentDone() {
    segmentsDone++;
    tell();
  }

  void partitionDone() {
    partitionsDone++;
    tell();
  }

  VerifyReport report(String topic) {
    return new VerifyReport(
        topic,
        partitions,
        manifests,
        segmentsDone,
        bytesRead,
        records,
        problems,
        unreferenced,
        findings);
  }

  private void tell() {
    progress.accept(
        new VerifyProgress(partitionsDone, partitions, segmentsDone, segments, bytesRead));
  }
}
