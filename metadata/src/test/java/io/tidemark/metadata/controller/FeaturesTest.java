package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.image.FeaturesImage;
import io.tidemark.scenario.Scenario;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Levels of features as the controller decides on them. */
class FeaturesTest {
  private static final String TRANSACTIONS = Features.TRANSACTION_VERSION;

  private final ControlledCluster cluster = new ControlledCluster(0);

  @BeforeEach
  void twoNodes() {
    register(1, 2);
    register(2, 2);
  }

  /** A node that can work with transactions up to a version, and with all else as it is. */
  private void register(int id, int transactions) {
    BrokerRegistrationRequestData node =
        ControlledCluster.registration(
            id, ControlledCluster.incarnation(id), cluster.image().clusterId(), -1);
    node.features().find(TRANSACTIONS).setMaxSupportedVersion((short) transactions);
    cluster.done(cluster.controller.registerNode(node));
    cluster.heartbeat(id);
  }

  private static FeatureUpdateKey to(String feature, int level, UpgradeType type) {
    return new FeatureUpdateKey()
        .setFeature(feature)
        .setMaxVersionLevel((short) level)
        .setUpgradeType(type.code());
  }

  private static UpdateFeaturesRequestData request(FeatureUpdateKey... updates) {
    UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
    request.featureUpdates().addAll(Arrays.asList(updates));
    return request;
  }

  private void update(FeatureUpdateKey... updates) {
    cluster.done(cluster.controller.updateFeatures(request(updates)));
  }

  private void assertRefused(String reason, FeatureUpdateKey... updates) {
    FeaturesImage before = features();
    assertThatThrownBy(() -> update(updates))
        .hasCauseInstanceOf(InvalidUpdateVersionException.class)
        .hasMessageContaining(reason);
    assertThat(features()).isEqualTo(before);
  }

  private FeaturesImage features() {
    return cluster.image().features();
  }

  @Test
  void aLevelGoesDownAndUpAgainAndTheEpochWithEachChange() {
    long formed = features().epoch();
    update(to(TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE));
    assertThat(features().level(TRANSACTIONS)).isEqualTo((short) 1);
    long lowered = features().epoch();
    assertThat(lowered).isGreaterThan(formed);

    update(to(TRANSACTIONS, 0, UpgradeType.UNSAFE_DOWNGRADE));
    assertThat(features().levels()).doesNotContainKey(TRANSACTIONS);

    update(to(TRANSACTIONS, 2, UpgradeType.UPGRADE));
    assertThat(features().level(TRANSACTIONS)).isEqualTo((short) 2);
    assertThat(features().epoch()).isGreaterThan(lowered);
  }

  @Test
  void whatIsAskedForAlreadyIsNoChange() {
    FeaturesImage before = features();
    update(
        to(TRANSACTIONS, 2, UpgradeType.UPGRADE),
        to(Features.METADATA_VERSION, 33, UpgradeType.SAFE_DOWNGRADE));
    assertThat(features()).isEqualTo(before);
  }

  @Test
  void whatIsOnlyValidatedIsJudgedAndNotKept() {
    FeaturesImage before = features();
    cluster.done(
        cluster.controller.updateFeatures(
            request(to(TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE)).setValidateOnly(true)));
    assertThat(features()).isEqualTo(before);
    assertThatThrownBy(() ->
            cluster.done(
                cluster.controller.updateFeatures(
                    request(to(TRANSACTIONS, 1, UpgradeType.UPGRADE)).setValidateOnly(true))))
        .hasCauseInstanceOf(InvalidUpdateVersionException.class);
  }

  @Test
  void aLevelGoesTheWayThatIsSaidOrNotAtAll() {
    assertRefused("without setting the upgrade type", to(TRANSACTIONS, 1, UpgradeType.UPGRADE));
    update(to(TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE));
    for (UpgradeType down : List.of(UpgradeType.SAFE_DOWNGRADE, UpgradeType.UNSAFE_DOWNGRADE)) {
      assertRefused("Can't downgrade to a newer version", to(TRANSACTIONS, 2, down));
    }
    assertRefused("upgrade type", to(TRANSACTIONS, 2, UpgradeType.UNKNOWN));
  }

  @Test
  void levelsAndFeaturesThatAreNotThereAreRefused() {
    assertRefused("0-2", to(TRANSACTIONS, 3, UpgradeType.UPGRADE));
    assertRefused("less than 0", to(TRANSACTIONS, -1, UpgradeType.SAFE_DOWNGRADE));
    assertRefused("does not support this feature", to("flying.carpets", 1, UpgradeType.UPGRADE));
  }

  @Test
  void featuresOfTheReleaseStayWhereTheyAre() {
    assertRefused("release", to(Features.METADATA_VERSION, 32, UpgradeType.UNSAFE_DOWNGRADE));
    assertRefused("release", to(Features.KRAFT_VERSION, 0, UpgradeType.SAFE_DOWNGRADE));
    assertRefused("release", to(Features.ELIGIBLE_LEADER_REPLICAS, 0, UpgradeType.SAFE_DOWNGRADE));
  }

  @Test
  void oneThatIsRefusedRefusesAll() {
    assertRefused(
        Features.KRAFT_VERSION,
        to(TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE),
        to(Features.KRAFT_VERSION, 0, UpgradeType.SAFE_DOWNGRADE));
    assertThatThrownBy(() ->
            update(
                to(TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE),
                to(TRANSACTIONS, 0, UpgradeType.SAFE_DOWNGRADE)))
        .hasCauseInstanceOf(InvalidRequestException.class);
  }

  @Test
  @Scenario("S-59")
  void aNodeThatCannotWorkWithALevelOrDoesNotKnowOfTheFeatureStaysOutside() {
    assertThatThrownBy(() -> register(3, 1))
        .hasCauseInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("finalized version 2 of transaction.version")
        .hasMessageContaining("between 0 and 1");
    BrokerRegistrationRequestData ignorant =
        ControlledCluster.registration(
            4, ControlledCluster.incarnation(4), cluster.image().clusterId(), -1);
    ignorant.features().remove(ignorant.features().find(TRANSACTIONS));
    assertThatThrownBy(() -> cluster.done(cluster.controller.registerNode(ignorant)))
        .hasCauseInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("between 0 and 0");

    update(to(TRANSACTIONS, 0, UpgradeType.SAFE_DOWNGRADE));
    cluster.done(cluster.controller.registerNode(ignorant));
    assertThat(cluster.image().nodes().get(4)).isPresent();
  }

  @Test
  @Scenario("S-59")
  void aLevelThatSomeNodeCannotWorkWithIsRefused() {
    update(to(TRANSACTIONS, 1, UpgradeType.SAFE_DOWNGRADE));
    register(3, 1);
    assertRefused("Broker 3 only supports versions 0-1", to(TRANSACTIONS, 2, UpgradeType.UPGRADE));
  }
}
