package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** ACLs and credentials of SCRAM as the controller decides on them. */
class SecurityTest {
  private final ControlledCluster cluster = new ControlledCluster(1);

  private static AclCreation rule(String topic) {
    return new AclCreation()
        .setResourceType(ResourceType.TOPIC.code())
        .setResourceName(topic)
        .setResourcePatternType(PatternType.LITERAL.code())
        .setPrincipal("User:alice")
        .setHost("*")
        .setOperation(AclOperation.READ.code())
        .setPermissionType(AclPermissionType.ALLOW.code());
  }

  private List<Errors> create(AclCreation... rules) {
    return cluster
        .done(
            cluster.controller.createAcls(new CreateAclsRequestData().setCreations(List.of(rules))))
        .results()
        .stream()
        .map(result -> Errors.forCode(result.errorCode()))
        .toList();
  }

  private long rules() {
    return cluster.image().security().bindings().count();
  }

  @Test
  void aRuleIsThereOnceHoweverOftenItIsCreated() {
    assertThat(create(rule("t"), rule("t"), rule("u")))
        .containsExactly(Errors.NONE, Errors.NONE, Errors.NONE);
    assertThat(create(rule("t"))).containsExactly(Errors.NONE);
    assertThat(rules()).isEqualTo(2);
  }

  @Test
  void whatCannotBeARuleIsRefusedAndTheOthersAreCreated() {
    assertThat(
            create(
                rule("good"),
                rule(""),
                rule("t").setPrincipal("alice"),
                rule("t").setHost(""),
                rule("t").setOperation(AclOperation.ANY.code()),
                rule("t").setPermissionType(AclPermissionType.ANY.code()),
                rule("t").setResourcePatternType(PatternType.MATCH.code()),
                rule("t").setResourceType(ResourceType.CLUSTER.code())))
        .startsWith(Errors.NONE)
        .filteredOn(error -> error == Errors.INVALID_REQUEST)
        .hasSize(7);
    assertThat(rules()).isEqualTo(1);
  }

  @Test
  void aFilterDeletesWhatItMatchesAndSaysWhatThatWas() {
    create(rule("t"), rule("u"), rule("v").setPrincipal("User:bob"));
    DeleteAclsFilter ofAlice =
        new DeleteAclsFilter()
            .setResourceTypeFilter(ResourceType.ANY.code())
            .setPatternTypeFilter(PatternType.ANY.code())
            .setResourceNameFilter(null)
            .setHostFilter(null)
            .setPrincipalFilter("User:alice")
            .setOperation(AclOperation.ANY.code())
            .setPermissionType(AclPermissionType.ANY.code());
    var result =
        cluster
            .done(
                cluster.controller.deleteAcls(
                    new DeleteAclsRequestData().setFilters(List.of(ofAlice))))
            .filterResults()
            .getFirst();
    assertThat(result.matchingAcls())
        .extracting(acl -> acl.resourceName())
        .containsExactlyInAnyOrder("t", "u");
    assertThat(rules()).isEqualTo(1);
  }

  private static ScramCredentialUpsertion credential(String user, int iterations) {
    return new ScramCredentialUpsertion()
        .setName(user)
        .setMechanism((byte) 1)
        .setIterations(iterations)
        .setSalt(new byte[] {1, 2, 3})
        .setSaltedPassword(new byte[] {4, 5, 6});
  }

  private Errors alter(AlterUserScramCredentialsRequestData request) {
    return Errors.forCode(
        cluster
            .done(cluster.controller.alterScramCredentials(request))
            .results()
            .getFirst()
            .errorCode());
  }

  private Errors set(ScramCredentialUpsertion... upsertions) {
    return alter(new AlterUserScramCredentialsRequestData().setUpsertions(List.of(upsertions)));
  }

  @Test
  void whatIsKeptIsNotWhatWasSent() {
    assertThat(set(credential("alice", 4_096))).isEqualTo(Errors.NONE);
    ScramSecret kept =
        Objects.requireNonNull(
            cluster.image().security().scram().get(new ScramUser("alice", (byte) 1)));
    assertThat(kept.salt()).containsExactly(1, 2, 3);
    assertThat(kept.storedKey()).hasSize(32).isNotEqualTo(kept.serverKey());
    ScramCredentialDeletion deletion =
        new ScramCredentialDeletion().setName("alice").setMechanism((byte) 1);
    AlterUserScramCredentialsRequestData request =
        new AlterUserScramCredentialsRequestData().setDeletions(List.of(deletion));
    assertThat(alter(request)).isEqualTo(Errors.NONE);
    assertThat(alter(request)).isEqualTo(Errors.RESOURCE_NOT_FOUND);
    assertThat(cluster.image().security().scram()).isEmpty();
  }

  @Test
  @Scenario("S-187")
  void weakAndSenselessCredentialsAreRefused() {
    assertThat(set(credential("alice", 4_095))).isEqualTo(Errors.UNACCEPTABLE_CREDENTIAL);
    assertThat(set(credential("alice", 16_385))).isEqualTo(Errors.UNACCEPTABLE_CREDENTIAL);
    assertThat(set(credential("", 4_096))).isEqualTo(Errors.UNACCEPTABLE_CREDENTIAL);
    assertThat(set(credential("alice", 4_096).setMechanism((byte) 7)))
        .isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM);
    assertThat(set(credential("alice", 4_096), credential("alice", 8_192)))
        .isEqualTo(Errors.DUPLICATE_RESOURCE);
    assertThat(cluster.image().security().scram()).isEmpty();
  }
}
