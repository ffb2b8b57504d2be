package io.tidemark.metadata.link;

import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.event.ProtoValues;
import io.tidemark.metadata.proto.AdvanceLogStartMessage;
import io.tidemark.metadata.proto.AdvanceLogStartsMessage;
import io.tidemark.metadata.proto.CommitManifestMessage;
import io.tidemark.metadata.proto.CommitManifestsMessage;
import io.tidemark.metadata.proto.ControllerCallMessage;
import io.tidemark.metadata.proto.FollowMessage;
import io.tidemark.metadata.proto.PartitionIdMessage;
import io.tidemark.metadata.proto.ReadSnapshotMessage;
import io.tidemark.metadata.proto.ReadVersionMessage;
import io.tidemark.metadata.proto.TakeMutationsMessage;
import io.tidemark.metadata.proto.TopicEmptiedMessage;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Calls as protobuf and back. */
final class CallMessages {
  private CallMessages() {}

  static ControllerCallMessage of(ControllerCall call) {
    ControllerCallMessage.Builder message = ControllerCallMessage.newBuilder();
    switch (call) {
      case ControllerCall.Follow c ->
          message.setFollow(
              FollowMessage.newBuilder()
                  .setClusterId(c.clusterId())
                  .setVersion(c.version())
                  .setWaitMs(c.waitMs()));
      case ControllerCall.ReadSnapshot c ->
          message.setReadSnapshot(
              ReadSnapshotMessage.newBuilder().setVersion(c.version()).setPosition(c.position()));
      case ControllerCall.CommitManifests c -> message.setCommitManifests(commits(c));
      case ControllerCall.ReadManifest c -> message.setReadManifest(partition(c.partition()));
      case ControllerCall.AdvanceLogStarts c -> message.setAdvanceLogStarts(advances(c));
      case ControllerCall.TopicEmptied c ->
          message.setTopicEmptied(
              TopicEmptiedMessage.newBuilder().setTopicId(ProtoValues.uuid(c.topicId())));
      case ControllerCall.ReadVersion _ ->
          message.setReadVersion(ReadVersionMessage.getDefaultInstance());
      case ControllerCall.ChangeToken c -> message.setChangeToken(TokenMessages.of(c.change()));
      case ControllerCall.TakeMutations c ->
          message.setTakeMutations(
              TakeMutationsMessage.newBuilder()
                  .setUser(c.user())
                  .setClientId(c.clientId())
                  .addAllPartitions(c.partitions())
                  .setMayRefuse(c.mayRefuse()));
    }
    return message.build();
  }

  private static CommitManifestsMessage.Builder commits(ControllerCall.CommitManifests call) {
    CommitManifestsMessage.Builder message = CommitManifestsMessage.newBuilder();
    for (ManifestCommit commit : call.commits()) {
      message.addCommits(
          CommitManifestMessage.newBuilder()
              .setPartition(partition(commit.partition()))
              .setNodeId(commit.nodeId())
              .setNodeEpoch(commit.nodeEpoch())
              .setLeaderEpoch(commit.leaderEpoch())
              .setParentVersion(commit.parentVersion())
              .setManifest(ProtoValues.manifest(commit.next())));
    }
    return message;
  }

  private static AdvanceLogStartsMessage.Builder advances(ControllerCall.AdvanceLogStarts call) {
    AdvanceLogStartsMessage.Builder message = AdvanceLogStartsMessage.newBuilder();
    for (ControllerCall.LogStartAdvance advance : call.advances()) {
      message.addAdvances(
          AdvanceLogStartMessage.newBuilder()
              .setPartition(partition(advance.partition()))
              .setLeaderEpoch(advance.leaderEpoch())
              .setOffset(advance.offset()));
    }
    return message;
  }

  static ControllerCall read(ControllerCallMessage message) {
    return switch (message.getCallCase()) {
      case FOLLOW -> {
        FollowMessage m = message.getFollow();
        yield new ControllerCall.Follow(m.getClusterId(), m.getVersion(), m.getWaitMs());
      }
      case READ_SNAPSHOT -> {
        ReadSnapshotMessage m = message.getReadSnapshot();
        yield new ControllerCall.ReadSnapshot(m.getVersion(), m.getPosition());
      }
      case COMMIT_MANIFESTS ->
          new ControllerCall.CommitManifests(
              message.getCommitManifests().getCommitsList().stream()
                  .map(CallMessages::commit)
                  .toList());
      case READ_MANIFEST -> new ControllerCall.ReadManifest(partition(message.getReadManifest()));
      case ADVANCE_LOG_STARTS ->
          new ControllerCall.AdvanceLogStarts(
              message.getAdvanceLogStarts().getAdvancesList().stream()
                  .map(CallMessages::advance)
                  .toList());
      case TOPIC_EMPTIED ->
          new ControllerCall.TopicEmptied(ProtoValues.uuid(message.getTopicEmptied().getTopicId()));
      case READ_VERSION -> new ControllerCall.ReadVersion();
      case CHANGE_TOKEN ->
          new ControllerCall.ChangeToken(TokenMessages.read(message.getChangeToken()));
      case TAKE_MUTATIONS -> {
        TakeMutationsMessage m = message.getTakeMutations();
        yield new ControllerCall.TakeMutations(
            m.getUser(), m.getClientId(), m.getPartitionsList(), m.getMayRefuse());
      }
      case CALL_NOT_SET ->
          throw new UnsupportedVersionException("A call between nodes that this release lacks");
    };
  }

  private static ManifestCommit commit(CommitManifestMessage m) {
    return new ManifestCommit(
        partition(m.getPartition()),
        m.getNodeId(),
        m.getNodeEpoch(),
        m.getLeaderEpoch(),
        m.getParentVersion(),
        ProtoValues.manifest(m.getManifest()));
  }

  private static ControllerCall.LogStartAdvance advance(AdvanceLogStartMessage m) {
    return new ControllerCall.LogStartAdvance(
        partition(m.getPartition()), m.getLeaderEpoch(), m.getOffset());
  }

  static PartitionIdMessage partition(TopicIdPartition id) {
    return PartitionIdMessage.newBuilder()
        .setTopicId(ProtoValues.uuid(id.topicId()))
        .setTopic(id.topic())
        .setIndex(id.partition())
        .build();
  }

  static TopicIdPartition partition(PartitionIdMessage m) {
    return new TopicIdPartition(ProtoValues.uuid(m.getTopicId()), m.getIndex(), m.getTopic());
  }
}
