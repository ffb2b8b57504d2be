package io.tidemark.gateway.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.tidemark.gateway.net.ManualTime;
import io.tidemark.gateway.replication.FetcherCore.Way;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.record.WireRecords;
import io.tidemark.log.replica.LeaderProgress;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ConfigsImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;

class FetcherCoreTest {
  private static final Uuid TOPIC = new Uuid(1, 2);
  private static final int SESSION = 77;
  private static final long NODE_EPOCH = 5;
  private static final FetcherSettings SETTINGS =
      new FetcherSettings(3, 1, 1_000, 10_000, 1, 500, 1_000, 30_000);

  private final ManualTime time = new ManualTime();
  private ClusterImage image = ClusterImage.EMPTY;
  private final ReplicationThrottle throttle =
      new ReplicationThrottle(
          new ThrottledReplicas("follower.replication.throttled.replicas", 3), () -> image, time);
  private final FetcherCore core = new FetcherCore(SETTINGS, throttle);
  private long nowMs = 1_000;

  private static FollowedPartition partition(int index, int leaderEpoch, long offset) {
    return new FollowedPartition(
        new TopicIdPartition(TOPIC, index, "t"), leaderEpoch, at(offset, leaderEpoch - 1));
  }

  private static Position at(long offset, int lastEpoch) {
    return new Position(offset, lastEpoch, 0, Math.min(offset, 10), false);
  }

  private FollowedPartition followed(int index, long offset) {
    FollowedPartition partition = partition(index, 2, offset);
    assertThat(core.follow(partition)).isEmpty();
    return partition;
  }

  private FetchRequestData asked(Way way) {
    return core.request(way, NODE_EPOCH, nowMs).orElseThrow();
  }

  private static List<FetchPartition> partitions(FetchRequestData request) {
    return request.topics().stream().flatMap(topic -> topic.partitions().stream()).toList();
  }

  private static List<Integer> indexes(FetchRequestData request) {
    return partitions(request).stream().map(FetchPartition::partition).toList();
  }

  private List<Step> answered(Way way, PartitionData... data) {
    return core.answered(way, response(SESSION, data), nowMs);
  }

  private static FetchResponseData response(int sessionId, PartitionData... data) {
    return new FetchResponseData()
        .setSessionId(sessionId)
        .setResponses(
            List.of(
                new FetchableTopicResponse()
                    .setTopicId(TOPIC)
                    .setPartitions(new ArrayList<>(Arrays.asList(data)))));
  }

  private static PartitionData data(int index, long highWatermark, int bytes) {
    return new PartitionData()
        .setPartitionIndex(index)
        .setHighWatermark(highWatermark)
        .setLogStartOffset(0)
        .setRecords(WireRecords.of(ByteBuffer.allocate(bytes)));
  }

  private static PartitionData error(int index, Errors error) {
    return data(index, -1, 0).setErrorCode(error.code());
  }

  @Test
  void theFirstRequestNamesEverythingAndWhoAsks() {
    followed(0, 7);
    followed(1, 8);

    FetchRequestData request = asked(Way.MAIN);

    assertThat(request.replicaState().replicaId()).isEqualTo(3);
    assertThat(request.replicaState().replicaEpoch()).isEqualTo(NODE_EPOCH);
    assertThat(request.sessionId()).isZero();
    assertThat(request.sessionEpoch()).isZero();
    assertThat(partitions(request))
        .extracting(
            FetchPartition::partition,
            FetchPartition::fetchOffset,
            FetchPartition::currentLeaderEpoch,
            FetchPartition::lastFetchedEpoch,
            FetchPartition::highWatermark)
        .containsExactly(tuple(0, 7L, 2, 1, 7L), tuple(1, 8L, 2, 1, 8L));
  }

  @Test
  void laterRequestsNameOnlyWhatHasMoved() {
    FollowedPartition moved = followed(0, 0);
    followed(1, 0);
    asked(Way.MAIN);
    List<Step> steps = answered(Way.MAIN, data(0, 3, 100), data(1, 0, 0));
    assertThat(steps).singleElement().isInstanceOf(Step.Append.class);
    core.done(moved, at(3, 2));

    FetchRequestData next = asked(Way.MAIN);

    assertThat(next.sessionId()).isEqualTo(SESSION);
    assertThat(next.sessionEpoch()).isEqualTo(1);
    assertThat(indexes(next)).containsExactly(0);
    assertThat(next.forgottenTopicsData()).isEmpty();
  }

  @Test
  void anAppendCarriesWhatTheLeaderHasCommitted() {
    FollowedPartition partition = followed(0, 0);
    asked(Way.MAIN);

    List<Step> steps = answered(Way.MAIN, data(0, 3, 100));

    Step.Append append = (Step.Append) steps.getFirst();
    assertThat(append.partition()).isSameAs(partition);
    assertThat(append.batches().remaining()).isEqualTo(100);
    assertThat(append.leader()).isEqualTo(new LeaderProgress(2, 3, 0));
    assertThat(partition.lag()).isEqualTo(3);
  }

  @Test
  void aPartitionWhoseAppendTakesLongLeavesTheSessionSoThatItIsNotSentTwice() {
    FollowedPartition slow = followed(0, 0);
    followed(1, 0);
    asked(Way.MAIN);
    answered(Way.MAIN, data(0, 3, 100), data(1, 0, 0));

    FetchRequestData without = asked(Way.MAIN);
    assertThat(indexes(without)).isEmpty();
    assertThat(without.forgottenTopicsData().getFirst().partitions()).containsExactly(0);

    core.done(slow, at(3, 2));
    FetchRequestData besides = asked(Way.SIDE);
    assertThat(besides.sessionEpoch()).isEqualTo(-1);
    assertThat(partitions(besides))
        .singleElement()
        .extracting(FetchPartition::fetchOffset)
        .isEqualTo(3L);
  }

  @Test
  void whatBecomesDueDuringALongPollIsAskedForBesideItAndJoinsTheSessionNext() {
    followed(0, 0);
    asked(Way.MAIN);
    followed(1, 0);
    assertThat(indexes(asked(Way.SIDE))).containsExactly(1);
    followed(2, 0);
    assertThat(core.request(Way.SIDE, NODE_EPOCH, nowMs)).isEmpty();

    answered(Way.SIDE, data(1, 0, 0));
    answered(Way.MAIN, data(0, 0, 0));

    assertThat(indexes(asked(Way.MAIN))).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void anotherHistoryIsCutAndAskedForAgain() {
    FollowedPartition partition = followed(0, 9);
    asked(Way.MAIN);

    List<Step> steps =
        answered(
            Way.MAIN,
            data(0, 5, 0).setDivergingEpoch(new EpochEndOffset().setEpoch(1).setEndOffset(4)));

    assertThat(steps).containsExactly(new Step.Truncate(partition, new EpochEnd(1, 4)));
    core.done(partition, at(4, 1));
    assertThat(partitions(asked(Way.MAIN)))
        .singleElement()
        .satisfies(next -> {
          assertThat(next.fetchOffset()).isEqualTo(4);
          assertThat(next.lastFetchedEpoch()).isEqualTo(1);
        });
  }

  @Test
  void aNewEpochTakesThePlaceOfTheOldWhoseAnswersAreIgnored() {
    followed(0, 5);
    asked(Way.MAIN);
    FollowedPartition next = partition(0, 3, 5);
    core.follow(next);

    assertThat(partitions(asked(Way.SIDE)))
        .singleElement()
        .extracting(FetchPartition::currentLeaderEpoch)
        .isEqualTo(3);
    assertThat(answered(Way.MAIN, data(0, 9, 100))).isEmpty();
    assertThat(answered(Way.SIDE, data(0, 9, 100)))
        .singleElement()
        .extracting(Step::partition)
        .isSameAs(next);
  }

  @Test
  void whatIsForgottenIsForgottenAtTheLeaderToo() {
    FollowedPartition partition = followed(0, 0);
    followed(1, 0);
    asked(Way.MAIN);
    answered(Way.MAIN, data(0, 0, 0), data(1, 0, 0));

    core.forget(partition);

    assertThat(asked(Way.MAIN).forgottenTopicsData())
        .singleElement()
        .satisfies(topic -> assertThat(topic.partitions()).containsExactly(0));
  }

  @Test
  void aRefusedPartitionIsTriedAgainEverMoreSeldomAndOthersDoNotWait() {
    FollowedPartition refused = followed(0, 0);
    followed(1, 0);
    asked(Way.MAIN);
    List<Step> steps = answered(Way.MAIN, error(0, Errors.NOT_LEADER_OR_FOLLOWER), data(1, 0, 0));
    assertThat(steps).containsExactly(new Step.Failed(refused, Errors.NOT_LEADER_OR_FOLLOWER));

    assertThat(indexes(asked(Way.MAIN))).isEmpty();
    assertThat(core.request(Way.SIDE, NODE_EPOCH, nowMs)).isEmpty();
    assertThat(core.nextDueMs()).hasValue(nowMs + 20);
    nowMs += 20;
    assertThat(indexes(asked(Way.SIDE))).containsExactly(0);
    answered(Way.SIDE, error(0, Errors.NOT_LEADER_OR_FOLLOWER));
    assertThat(core.nextDueMs()).hasValue(nowMs + 40);
  }

  @Test
  void whoIsThrottledAndBehindIsNotAskedForWhileTheRateIsUsedUp() {
    image =
        new ClusterImage(
            1,
            "",
            ClusterImage.EMPTY.nodes(),
            ClusterImage.EMPTY.topics(),
            new ConfigsImage(
                HashTreePMap.singleton(
                    ConfigsImage.topic("t"),
                    HashTreePMap.singleton("follower.replication.throttled.replicas", "0:3"))),
            ClusterImage.EMPTY.features(),
            0,
            HashTreePMap.empty(),
            ClusterImage.EMPTY.security(),
            ClusterImage.EMPTY.quotas());
    throttle.limit(100);
    FollowedPartition throttled = followed(0, 0);
    FollowedPartition free = followed(1, 0);
    assertThat(indexes(asked(Way.MAIN))).containsExactlyInAnyOrder(0, 1);
    answered(Way.MAIN, data(0, 3, 250), data(1, 3, 250));
    core.done(throttled, at(3, 2));
    core.done(free, at(3, 2));

    assertThat(indexes(asked(Way.MAIN))).containsExactly(1);
    assertThat(core.nextDueMs()).hasValue(nowMs + 50);
    time.advanceMs(1_000);
    nowMs += 1_000;
    assertThat(core.request(Way.SIDE, NODE_EPOCH, nowMs)).isEmpty();
    time.advanceMs(1_000);
    nowMs += 1_000;
    assertThat(indexes(asked(Way.SIDE))).containsExactly(0);
  }

  @Test
  void everyErrorOfAPartitionIsTriedAgain() {
    FollowedPartition partition = followed(0, 10);
    for (Errors error : Errors.values()) {
      nowMs += 2_000;
      if (error == Errors.NONE || error == Errors.OFFSET_MOVED_TO_TIERED_STORAGE) {
        continue;
      }
      asked(Way.MAIN);
      assertThat(answered(Way.MAIN, error(0, error)))
          .containsExactly(new Step.Failed(partition, error));
    }
  }

  @Test
  void whatIsInTheBucketStartsThere() {
    FollowedPartition partition = followed(0, 0);
    asked(Way.MAIN);

    assertThat(answered(Way.MAIN, error(0, Errors.OFFSET_MOVED_TO_TIERED_STORAGE)))
        .containsExactly(new Step.StartAtTier(partition));
    assertThat(core.request(Way.MAIN, NODE_EPOCH, nowMs)).isEmpty();
    core.done(partition, at(500, 1));
    assertThat(partitions(asked(Way.MAIN)).getFirst().fetchOffset()).isEqualTo(500);
  }

  @Test
  void anEmptyLogWhoseHistoryIsInTheBucketStartsThereAtOnce() {
    FollowedPartition empty =
        new FollowedPartition(
            new TopicIdPartition(TOPIC, 0, "t"), 2, new Position(0, -1, 0, 0, true));

    assertThat(core.follow(empty)).contains(new Step.StartAtTier(empty));
    assertThat(core.request(Way.MAIN, NODE_EPOCH, nowMs)).isEmpty();
  }

  @Test
  void aLogBelowTheLeadersStartBeginsThere() {
    FollowedPartition partition = followed(0, 10);
    asked(Way.MAIN);

    assertThat(answered(Way.MAIN, error(0, Errors.OFFSET_OUT_OF_RANGE).setLogStartOffset(40)))
        .containsExactly(new Step.StartAtLeader(partition, 40));
  }

  @Test
  void aLostSessionIsOpenedAnewWithEverything() {
    followed(0, 0);
    followed(1, 0);
    asked(Way.MAIN);
    answered(Way.MAIN, data(0, 0, 0), data(1, 0, 0));
    asked(Way.MAIN);
    core.answered(
        Way.MAIN,
        new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()),
        nowMs);

    FetchRequestData again = asked(Way.MAIN);

    assertThat(again.sessionEpoch()).isZero();
    assertThat(indexes(again)).containsExactly(0, 1);
  }

  @Test
  void aLeaderThatDoesNotAnswerIsAskedAgainAfterAWhileWithEverything() {
    followed(0, 0);
    asked(Way.MAIN);
    answered(Way.MAIN, data(0, 0, 0));
    asked(Way.MAIN);
    core.unanswered(Way.MAIN, nowMs);

    assertThat(core.request(Way.MAIN, NODE_EPOCH, nowMs)).isEmpty();
    assertThat(core.nextDueMs()).hasValue(nowMs + 20);
    nowMs += 20;
    FetchRequestData again = asked(Way.MAIN);
    assertThat(again.sessionId()).isEqualTo(SESSION);
    assertThat(again.sessionEpoch()).isZero();
    assertThat(indexes(again)).containsExactly(0);
  }

  @Test
  void aLeaderWithoutRoomForSessionsIsAskedForEverythingEachTime() {
    followed(0, 0);
    asked(Way.MAIN);
    core.answered(Way.MAIN, response(0, data(0, 0, 0)), nowMs);

    FetchRequestData again = asked(Way.MAIN);

    assertThat(again.sessionEpoch()).isZero();
    assertThat(indexes(again)).containsExactly(0);
  }

  @Test
  void nothingIsAskedForWhileSlowDisksHoldTooManyAnswers() {
    List<FollowedPartition> slow = new ArrayList<>();
    PartitionData[] answers = new PartitionData[50];
    for (int index = 0; index < 50; index++) {
      slow.add(followed(index, 0));
      answers[index] = data(index, 3, 1_000);
    }
    asked(Way.MAIN);
    answered(Way.MAIN, answers);
    FollowedPartition other = partition(50, 2, 0);
    core.follow(other);

    assertThat(core.request(Way.MAIN, NODE_EPOCH, nowMs)).isEmpty();
    assertThat(core.nextDueMs()).isEmpty();
    slow.subList(0, 10).forEach(done -> core.done(done, at(3, 2)));
    assertThat(core.request(Way.MAIN, NODE_EPOCH, nowMs)).isPresent();
  }

  @Test
  void aLeaderWhoseAnswerWasOfNoUseIsToldAgainWhereTheFollowerStands() {
    FollowedPartition partition = followed(0, 0);
    asked(Way.MAIN);
    answered(Way.MAIN, data(0, 3, 100));
    core.retry(partition, partition.position(), nowMs);
    nowMs += 20;

    assertThat(indexes(asked(Way.MAIN))).containsExactly(0);
  }

  @Test
  void aStepThatFailedIsTakenUpAgainFromWhereTheLogEnds() {
    FollowedPartition partition = followed(0, 0);
    asked(Way.MAIN);
    answered(Way.MAIN, data(0, 3, 100));
    core.retry(partition, at(2, 1), nowMs);

    assertThat(core.request(Way.MAIN, NODE_EPOCH, nowMs)).isEqualTo(Optional.empty());
    nowMs += 20;
    assertThat(partitions(asked(Way.MAIN)).getFirst().fetchOffset()).isEqualTo(2);
  }
}
