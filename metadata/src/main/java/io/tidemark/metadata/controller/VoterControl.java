package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.QuorumStatus;
import io.tidemark.metadata.quorum.Voter;
import io.tidemark.metadata.quorum.VoterChange;
import org.apache.kafka.common.errors.DuplicateVoterException;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.VoterNotFoundException;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterRequestData.Listener;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.jspecify.annotations.Nullable;

/**
 * Decides on changes of who votes in the quorum. Pure.
 *
 * <p>A voter is known by its node id; the directory id of a request is not compared, for a disk
 * that was lost is told otherwise: its voter has no log, and leaves before it comes back.
 */
final class VoterControl {
  private VoterControl() {}

  static VoterChange added(
      AddRaftVoterRequestData request, ClusterImage image, QuorumStatus status) {
    checkCluster(request.clusterId(), image);
    if (request.voterId() < 0 || request.listeners().size() != 1) {
      throw new InvalidRequestException(
          "A voter needs an id and one listener, which is where it listens for other voters");
    }
    Listener listener = request.listeners().iterator().next();
    if (listener.host().isBlank() || listener.port() < 1 || listener.port() > 65_535) {
      throw new InvalidRequestException(
          "%s:%d is no address".formatted(listener.host(), listener.port()));
    }
    if (isVoter(status, request.voterId())) {
      throw new DuplicateVoterException("Node %d is a voter already".formatted(request.voterId()));
    }
    return new VoterChange.Add(new Voter(request.voterId(), listener.host(), listener.port()));
  }

  static VoterChange removed(
      RemoveRaftVoterRequestData request, ClusterImage image, QuorumStatus status) {
    checkCluster(request.clusterId(), image);
    if (!isVoter(status, request.voterId())) {
      throw new VoterNotFoundException("Node %d is no voter".formatted(request.voterId()));
    }
    if (status.voters().size() == 1) {
      throw new InvalidRequestException("The last voter cannot be removed");
    }
    return new VoterChange.Remove(request.voterId());
  }

  private static boolean isVoter(QuorumStatus status, int nodeId) {
    return status.voters().stream().anyMatch(voter -> voter.nodeId() == nodeId);
  }

  private static void checkCluster(@Nullable String clusterId, ClusterImage image) {
    if (clusterId != null && !clusterId.equals(image.clusterId())) {
      throw new InconsistentClusterIdException(
          "This is cluster %s, not %s".formatted(image.clusterId(), clusterId));
    }
  }
}
