package io.tidemark.metadata.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.metadata.controller.ManifestCommitResult.Outcome;
import io.tidemark.metadata.controller.TokenChange;
import io.tidemark.metadata.controller.TokenChangeResult;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.link.ControllerCall.LogStartAdvance;
import io.tidemark.metadata.link.ControllerReply.LogStartResult;
import io.tidemark.metadata.quorum.Updates;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinkCodecTest {
  private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(1, 2), 3, "t");
  private static final ManifestPointer MANIFEST =
      new ManifestPointer(4, new Uuid(5, 6), 700, 8, 0xCAFEBABE);

  static Stream<ControllerCall> calls() {
    return Stream.of(
        new ControllerCall.Follow("c1", -1, 1_000),
        new ControllerCall.ReadSnapshot(17, 1 << 20),
        new ControllerCall.CommitManifests(
            List.of(new ManifestCommit(PARTITION, 1, 2, 3, 3, MANIFEST))),
        new ControllerCall.ReadManifest(PARTITION),
        new ControllerCall.AdvanceLogStarts(List.of(new LogStartAdvance(PARTITION, 4, 500))),
        new ControllerCall.TopicEmptied(new Uuid(9, 9)),
        new ControllerCall.ReadVersion(),
        new ControllerCall.ChangeToken(
            new TokenChange.Create(user("a"), user("b"), List.of(user("c")), 9, 4)),
        new ControllerCall.ChangeToken(new TokenChange.Renew(user("a"), "tok", 9)),
        new ControllerCall.ChangeToken(new TokenChange.Expire(user("a"), "tok", -1)),
        new ControllerCall.TakeMutations("a", "app", List.of(3, 0, 7), true));
  }

  private static KafkaPrincipal user(String name) {
    return new KafkaPrincipal("User", name);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aCallIsReadAsItWasWritten(ControllerCall call) {
    assertThat(LinkCodec.decodeCall(LinkCodec.encode(call))).isEqualTo(call);
  }

  static Stream<ControllerReply> replies() {
    Event event = new Event.ControllerElected(2, 7);
    return Stream.of(
        new ControllerReply.NextEntries(2, 7, List.of(new Updates.Entry(11, List.of(event)))),
        new ControllerReply.NextEntries(2, 7, List.of()),
        new ControllerReply.SnapshotOffer(2, 7, 17, 1 << 21),
        new ControllerReply.SnapshotPiece(ByteBuffer.wrap(new byte[] {1, 2, 3})),
        new ControllerReply.ManifestsCommitted(
            Arrays.stream(Outcome.values())
                .map(outcome -> new ManifestCommitResult(PARTITION, outcome, MANIFEST))
                .toList()),
        new ControllerReply.ManifestsCommitted(
            List.of(new ManifestCommitResult(PARTITION, Outcome.UNKNOWN_PARTITION, null))),
        new ControllerReply.ManifestRead(MANIFEST),
        new ControllerReply.ManifestRead(null),
        new ControllerReply.Done(),
        new ControllerReply.VersionRead(42),
        new ControllerReply.TokenChanged(
            new TokenChangeResult(
                Errors.NONE,
                new DelegationToken("tok", user("a"), user("b"), List.of(user("c")), 1, 3, 2))),
        new ControllerReply.TokenChanged(
            new TokenChangeResult(Errors.DELEGATION_TOKEN_NOT_FOUND, null)),
        new ControllerReply.MutationsTaken(List.of(true, false), 250),
        new ControllerReply.Refused("no", "host:9095"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void aReplyIsReadAsItWasWritten(ControllerReply reply) {
    assertThat(LinkCodec.decodeReply(LinkCodec.encode(reply))).isEqualTo(reply);
  }

  @Test
  void anErrorOfOneLogStartKeepsItsReason() {
    ApiError fenced = new ApiError(Errors.FENCED_LEADER_EPOCH, "t-3 is led with epoch 5, not 4");
    ControllerReply reply =
        new ControllerReply.LogStartsAdvanced(
            List.of(new LogStartResult(fenced, -1), new LogStartResult(ApiError.NONE, 500)));

    List<LogStartResult> results =
        ((ControllerReply.LogStartsAdvanced) LinkCodec.decodeReply(LinkCodec.encode(reply)))
            .results();

    assertThat(results.getFirst().error().error()).isEqualTo(Errors.FENCED_LEADER_EPOCH);
    assertThat(results.getFirst().error().message()).isEqualTo(fenced.message());
    assertThat(results.getLast().error().isSuccess()).isTrue();
    assertThat(results.getLast().logStartOffset()).isEqualTo(500);
  }

  /** What other releases read and write. */
  @Test
  void theBytesStayAsTheyAre() {
    assertThat(hex(LinkCodec.encode(new ControllerCall.Follow("c1", 5, 1_000))))
        .isEqualTo("544d0001" + "0a09" + "0a026331" + "100a" + "18e807");
    assertThat(hex(LinkCodec.encode(new ControllerCall.ReadManifest(PARTITION))))
        .isEqualTo(
            "544d0001" + "2217" + "0a1000000000000000010000000000000002" + "120174" + "1803");
    assertThat(hex(LinkCodec.encode(new ControllerReply.SnapshotOffer(2, 7, 17, 300))))
        .isEqualTo("544d0001" + "0a0b" + "0802" + "1007" + "2205" + "0811" + "10ac02");
    assertThat(hex(LinkCodec.encode(new ControllerCall.TakeMutations("u", "c", List.of(3), true))))
        .isEqualTo("544d0001" + "4a0b" + "0a0175" + "120163" + "1a0103" + "2001");
    assertThat(hex(LinkCodec.encode(new ControllerReply.MutationsTaken(List.of(true, false), 300))))
        .isEqualTo("544d0001" + "5207" + "0a020100" + "10ac02");
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HexFormat.of().formatHex(copy);
  }

  @Test
  void whatAnotherReleaseSentIsRefusedWithTheVersions() {
    ByteBuffer call = LinkCodec.encode(new ControllerCall.ReadVersion());
    assertThatThrownBy(() -> LinkCodec.decodeCall(call.duplicate().putShort(2, (short) 2)))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("version 1 here")
        .hasMessageContaining("version 2");
    assertThatThrownBy(() ->
            LinkCodec.decodeCall(
                LinkCodec.encode(new ControllerCall.ReadVersion()).putShort(0, (short) 19)))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("API 19");
    ByteBuffer later = ByteBuffer.wrap(new byte[] {0x54, 0x4d, 0, 1, (byte) 0xfa, 6, 0});
    assertThatThrownBy(() -> LinkCodec.decodeCall(later))
        .isInstanceOf(UnsupportedVersionException.class);
  }

  @Test
  void whatNobodySentIsRefused() {
    assertThatThrownBy(() -> LinkCodec.decodeCall(ByteBuffer.allocate(3)))
        .isInstanceOf(InvalidRequestException.class);
    ByteBuffer torn = LinkCodec.encode(new ControllerCall.ReadManifest(PARTITION));
    assertThatThrownBy(() -> LinkCodec.decodeCall(torn.limit(torn.limit() - 4)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aCallHoldsAThousandAtMost() {
    LogStartAdvance one = new LogStartAdvance(PARTITION, 1, 1);
    assertThatThrownBy(() ->
            new ControllerCall.AdvanceLogStarts(
                Collections.nCopies(ControllerCall.MAX_TOGETHER + 1, one)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1001");
  }
}
