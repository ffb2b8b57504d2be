package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ManifestPointer;
import org.apache.kafka.common.TopicIdPartition;

/**
 * A leader's wish to make a manifest current.
 *
 * @param nodeId the leader, with its node epoch and its leader epoch of the partition
 * @param parentVersion the version of the manifest it was made from; {@link
 *     ManifestPointer#NO_VERSION} for the first
 */
public record ManifestCommit(
    TopicIdPartition partition,
    int nodeId,
    long nodeEpoch,
    int leaderEpoch,
    long parentVersion,
    ManifestPointer next) {}
