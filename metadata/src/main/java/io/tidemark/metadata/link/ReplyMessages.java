package io.tidemark.metadata.link;

import com.google.protobuf.UnsafeByteOperations;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.metadata.controller.ManifestCommitResult.Outcome;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.event.ProtoValues;
import io.tidemark.metadata.proto.ControllerReplyMessage;
import io.tidemark.metadata.proto.DoneMessage;
import io.tidemark.metadata.proto.EntryMessage;
import io.tidemark.metadata.proto.FollowedMessage;
import io.tidemark.metadata.proto.LogStartResultMessage;
import io.tidemark.metadata.proto.LogStartsAdvancedMessage;
import io.tidemark.metadata.proto.ManifestCommitResultMessage;
import io.tidemark.metadata.proto.ManifestReadMessage;
import io.tidemark.metadata.proto.ManifestsCommittedMessage;
import io.tidemark.metadata.proto.MutationsTakenMessage;
import io.tidemark.metadata.proto.RefusedMessage;
import io.tidemark.metadata.proto.SnapshotOfferMessage;
import io.tidemark.metadata.proto.SnapshotPieceMessage;
import io.tidemark.metadata.proto.VersionReadMessage;
import io.tidemark.metadata.quorum.Updates;
import java.util.List;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Replies as protobuf and back. */
final class ReplyMessages {
  /** Who reads them does not compare it: the entries are committed. */
  private static final long NO_TERM = 0;

  private ReplyMessages() {}

  static ControllerReplyMessage of(ControllerReply reply) {
    ControllerReplyMessage.Builder message = ControllerReplyMessage.newBuilder();
    switch (reply) {
      case ControllerReply.NextEntries r -> message.setFollowed(entries(r));
      case ControllerReply.SnapshotOffer r ->
          message.setFollowed(
              FollowedMessage.newBuilder()
                  .setLeaderId(r.leaderId())
                  .setTerm(r.term())
                  .setSnapshot(
                      SnapshotOfferMessage.newBuilder()
                          .setVersion(r.version())
                          .setSizeBytes(r.sizeBytes())));
      case ControllerReply.SnapshotPiece r ->
          message.setSnapshotPiece(
              SnapshotPieceMessage.newBuilder()
                  .setBytes(UnsafeByteOperations.unsafeWrap(r.bytes())));
      case ControllerReply.ManifestsCommitted r -> message.setManifestsCommitted(results(r));
      case ControllerReply.ManifestRead r -> {
        ManifestReadMessage.Builder read = ManifestReadMessage.newBuilder();
        if (r.current() != null) {
          read.setCurrent(ProtoValues.manifest(r.current()));
        }
        message.setManifestRead(read);
      }
      case ControllerReply.LogStartsAdvanced r -> message.setLogStartsAdvanced(logStarts(r));
      case ControllerReply.Done _ -> message.setDone(DoneMessage.getDefaultInstance());
      case ControllerReply.VersionRead r ->
          message.setVersionRead(VersionReadMessage.newBuilder().setVersion(r.version()));
      case ControllerReply.TokenChanged r -> message.setTokenChanged(TokenMessages.of(r.result()));
      case ControllerReply.MutationsTaken r ->
          message.setMutationsTaken(
              MutationsTakenMessage.newBuilder().addAllTaken(r.taken()).setWaitMs(r.waitMs()));
      case ControllerReply.Refused r ->
          message.setRefused(RefusedMessage.newBuilder().setWhy(r.why()).setLeader(r.leader()));
    }
    return message.build();
  }

  private static FollowedMessage.Builder entries(ControllerReply.NextEntries reply) {
    FollowedMessage.Builder message =
        FollowedMessage.newBuilder().setLeaderId(reply.leaderId()).setTerm(reply.term());
    for (Updates.Entry entry : reply.entries()) {
      message.addEntries(
          EntryMessage.newBuilder()
              .setIndex(entry.index())
              .setBatch(EventCodec.message(new EventCodec.Batch(NO_TERM, entry.events()))));
    }
    return message;
  }

  private static ManifestsCommittedMessage.Builder results(
      ControllerReply.ManifestsCommitted reply) {
    ManifestsCommittedMessage.Builder message = ManifestsCommittedMessage.newBuilder();
    for (ManifestCommitResult result : reply.results()) {
      ManifestCommitResultMessage.Builder one =
          ManifestCommitResultMessage.newBuilder()
              .setPartition(CallMessages.partition(result.partition()))
              .setOutcome(code(result.outcome()));
      if (result.current() != null) {
        one.setCurrent(ProtoValues.manifest(result.current()));
      }
      message.addResults(one);
    }
    return message;
  }

  private static int code(Outcome outcome) {
    return switch (outcome) {
      case OK -> 0;
      case STALE -> 1;
      case FENCED -> 2;
      case UNKNOWN_PARTITION -> 3;
      case INVALID -> 4;
    };
  }

  private static Outcome outcome(int code) {
    return switch (code) {
      case 0 -> Outcome.OK;
      case 1 -> Outcome.STALE;
      case 2 -> Outcome.FENCED;
      case 3 -> Outcome.UNKNOWN_PARTITION;
      case 4 -> Outcome.INVALID;
      default -> throw new IllegalArgumentException("outcome " + code);
    };
  }

  private static LogStartsAdvancedMessage.Builder logStarts(
      ControllerReply.LogStartsAdvanced reply) {
    LogStartsAdvancedMessage.Builder message = LogStartsAdvancedMessage.newBuilder();
    for (ControllerReply.LogStartResult result : reply.results()) {
      message.addResults(
          LogStartResultMessage.newBuilder()
              .setErrorCode(result.error().error().code())
              .setErrorMessage(result.error().messageWithFallback())
              .setLogStartOffset(result.logStartOffset()));
    }
    return message;
  }

  static ControllerReply read(ControllerReplyMessage message) {
    return switch (message.getReplyCase()) {
      case FOLLOWED -> followed(message.getFollowed());
      case SNAPSHOT_PIECE ->
          new ControllerReply.SnapshotPiece(
              message.getSnapshotPiece().getBytes().asReadOnlyByteBuffer());
      case MANIFESTS_COMMITTED ->
          new ControllerReply.ManifestsCommitted(
              message.getManifestsCommitted().getResultsList().stream()
                  .map(ReplyMessages::result)
                  .toList());
      case MANIFEST_READ ->
          new ControllerReply.ManifestRead(
              message.getManifestRead().hasCurrent()
                  ? ProtoValues.manifest(message.getManifestRead().getCurrent())
                  : null);
      case LOG_STARTS_ADVANCED ->
          new ControllerReply.LogStartsAdvanced(
              message.getLogStartsAdvanced().getResultsList().stream()
                  .map(ReplyMessages::logStart)
                  .toList());
      case DONE -> new ControllerReply.Done();
      case VERSION_READ -> new ControllerReply.VersionRead(message.getVersionRead().getVersion());
      case TOKEN_CHANGED ->
          new ControllerReply.TokenChanged(TokenMessages.read(message.getTokenChanged()));
      case MUTATIONS_TAKEN ->
          new ControllerReply.MutationsTaken(
              message.getMutationsTaken().getTakenList(), message.getMutationsTaken().getWaitMs());
      case REFUSED ->
          new ControllerReply.Refused(
              message.getRefused().getWhy(), message.getRefused().getLeader());
      case REPLY_NOT_SET ->
          throw new UnsupportedVersionException("A controller's reply that this release lacks");
    };
  }

  private static ControllerReply followed(FollowedMessage m) {
    if (m.hasSnapshot()) {
      SnapshotOfferMessage offer = m.getSnapshot();
      return new ControllerReply.SnapshotOffer(
          m.getLeaderId(), m.getTerm(), offer.getVersion(), offer.getSizeBytes());
    }
    List<Updates.Entry> entries =
        m.getEntriesList().stream()
            .map(entry ->
                new Updates.Entry(entry.getIndex(), EventCodec.read(entry.getBatch()).events()))
            .toList();
    return new ControllerReply.NextEntries(m.getLeaderId(), m.getTerm(), entries);
  }

  private static ManifestCommitResult result(ManifestCommitResultMessage m) {
    return new ManifestCommitResult(
        CallMessages.partition(m.getPartition()),
        outcome(m.getOutcome()),
        m.hasCurrent() ? ProtoValues.manifest(m.getCurrent()) : null);
  }

  private static ControllerReply.LogStartResult logStart(LogStartResultMessage m) {
    Errors error = Errors.forCode((short) m.getErrorCode());
    return new ControllerReply.LogStartResult(
        error == Errors.NONE ? ApiError.NONE : new ApiError(error, m.getErrorMessage()),
        m.getLogStartOffset());
  }
}
