package io.tidemark.gateway.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.net.ManualTime;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ConfigsImage;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;

class ReplicationThrottleTest {
  private static final String LIST = "leader.replication.throttled.replicas";
  private static final int NODE = 1;
  private static final int FOLLOWER = 2;
  private static final TopicIdPartition ID = new TopicIdPartition(new Uuid(1, 2), 4, "t");

  private final ManualTime time = new ManualTime();
  private String list = "4:1,5:2";
  private final ReplicationThrottle throttle =
      new ReplicationThrottle(new ThrottledReplicas(LIST, NODE), this::image, time);

  private ClusterImage image() {
    ClusterImage empty = ClusterImage.EMPTY;
    return new ClusterImage(
        1,
        "",
        empty.nodes(),
        empty.topics(),
        new ConfigsImage(
            HashTreePMap.singleton(ConfigsImage.topic("t"), HashTreePMap.singleton(LIST, list))),
        empty.features(),
        0,
        HashTreePMap.empty(),
        empty.security(),
        empty.quotas());
  }

  private boolean isHeldBack() {
    return throttle.holdsBack(ID, FOLLOWER);
  }

  @Test
  void withoutARateNothingIsHeldBack() {
    throttle.copied(ID, 1 << 30);
    assertThat(isHeldBack()).isFalse();
  }

  @Test
  void whatWasOverdrawnIsMadeGoodBeforeAnythingMoreIsCopied() {
    throttle.limit(1_000);
    assertThat(isHeldBack()).isFalse();
    throttle.copied(ID, 3_000);
    assertThat(isHeldBack()).isTrue();
    time.advanceMs(2_000);
    assertThat(isHeldBack()).isTrue();
    time.advanceMs(1);
    assertThat(isHeldBack()).isFalse();
  }

  @Test
  void noMoreThanASecondsWorthIsSaved() {
    throttle.limit(1_000);
    time.advanceMs(3_600_000);
    throttle.copied(ID, 1_000);
    assertThat(isHeldBack()).isTrue();
  }

  @Test
  void aRateOfNothingLetsNothingThrough() {
    throttle.limit(0);
    time.advanceMs(10_000);
    assertThat(isHeldBack()).isTrue();
  }

  @Test
  void onlyTheReplicasOfTheListAreHeldBackAndCounted() {
    throttle.limit(1_000);
    list = "5:1,4:2";
    throttle.copied(ID, 5_000);
    assertThat(isHeldBack()).isFalse();
    list = "*";
    assertThat(isHeldBack()).isFalse();
    throttle.copied(ID, 5_000);
    assertThat(isHeldBack()).isTrue();
    list = "";
    assertThat(isHeldBack()).isFalse();
  }

  @Test
  void aRateThatIsRaisedHoldsFromThenOn() {
    throttle.limit(1_000);
    throttle.copied(ID, 500_000);
    throttle.limit(ReplicationThrottle.UNLIMITED);
    assertThat(isHeldBack()).isFalse();
    throttle.limit(2_000);
    assertThat(isHeldBack()).isFalse();
  }
}
