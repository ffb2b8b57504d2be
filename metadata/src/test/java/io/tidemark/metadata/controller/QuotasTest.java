package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotasImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Quotas of clients as the controller decides on them. */
class QuotasTest {
  private static final String PRODUCE = "producer_byte_rate";

  private final ControlledCluster cluster = new ControlledCluster(1);

  private static EntityData part(String type, @Nullable String name) {
    return new EntityData().setEntityType(type).setEntityName(name);
  }

  private static OpData set(String key, double value) {
    return new OpData().setKey(key).setValue(value);
  }

  private static OpData remove(String key) {
    return new OpData().setKey(key).setRemove(true);
  }

  private static EntryData user(String name, OpData... ops) {
    return entryOf(List.of(part("user", name)), ops);
  }

  private static EntryData entryOf(List<EntityData> entity, OpData... ops) {
    return new EntryData().setEntity(entity).setOps(List.of(ops));
  }

  private List<Errors> alter(boolean validateOnly, EntryData... entries) {
    return cluster
        .done(
            cluster.controller.alterClientQuotas(
                new AlterClientQuotasRequestData()
                    .setEntries(List.of(entries))
                    .setValidateOnly(validateOnly)))
        .entries()
        .stream()
        .map(result -> Errors.forCode(result.errorCode()))
        .toList();
  }

  private QuotasImage quotas() {
    return cluster.image().quotas();
  }

  @Test
  void anEntityHasTheQuotasItWasGivenUntilTheyAreTakenAway() {
    QuotaEntity ann = QuotaEntity.of(QuotaEntity.Part.USER, Optional.of("ann"));
    assertThat(alter(false, user("ann", set(PRODUCE, 10), set("request_percentage", 0.5))))
        .containsExactly(Errors.NONE);
    assertThat(quotas().of(ann))
        .containsOnly(entry(PRODUCE, 10.0), entry("request_percentage", 0.5));
    assertThat(alter(false, user("ann", remove(PRODUCE)))).containsExactly(Errors.NONE);
    assertThat(quotas().of(ann)).containsOnly(entry("request_percentage", 0.5));
    alter(false, user("ann", remove("request_percentage")));
    assertThat(quotas().isEmpty()).isTrue();
  }

  @Test
  void usersAndClientIdsAndAddressesAndTheirDefaultsCanHaveQuotas() {
    List<EntryData> entries = new ArrayList<>();
    for (List<EntityData> entity :
        List.of(
            List.of(part("user", "a")),
            List.of(part("user", null)),
            List.of(part("client-id", "c")),
            List.of(part("client-id", null)),
            List.of(part("user", "a"), part("client-id", "c")),
            List.of(part("user", null), part("client-id", null)))) {
      entries.add(entryOf(entity, set("tidemark.remote.fetch.byte.rate", 1_000)));
    }
    entries.add(entryOf(List.of(part("ip", "::1")), set("connection_creation_rate", 5)));
    entries.add(entryOf(List.of(part("ip", null)), set("connection_creation_rate", 5)));
    assertThat(alter(false, entries.toArray(EntryData[]::new)))
        .hasSize(8)
        .containsOnly(Errors.NONE);
    assertThat(quotas().valuesByEntity()).hasSize(8);
  }

  @Test
  void whatIsOnlyValidatedIsJudgedAndNotKept() {
    assertThat(alter(true, user("ann", set(PRODUCE, 10)), user("bob", set(PRODUCE, 0))))
        .containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
    assertThat(quotas().isEmpty()).isTrue();
  }

  @Test
  void whatCannotBeAQuotaIsRefusedAndTheOthersAreKept() {
    List<EntityData> address = List.of(part("ip", "10.0.0.1"));
    List<Errors> errors =
        alter(
            false,
            user("good", set(PRODUCE, 1)),
            user("good", set(PRODUCE, 2)),
            entryOf(List.of(), set(PRODUCE, 1)),
            entryOf(List.of(part("group", "g")), set(PRODUCE, 1)),
            entryOf(List.of(part("user", "a"), part("user", "b")), set(PRODUCE, 1)),
            entryOf(List.of(part("user", "a"), part("ip", "10.0.0.1")), set(PRODUCE, 1)),
            user("", set(PRODUCE, 1)),
            user("a", set("no_such_rate", 1)),
            user("a", set(PRODUCE, 1), remove(PRODUCE)),
            user("a", set(PRODUCE, 0)),
            user("a", set(PRODUCE, -1)),
            user("a", set(PRODUCE, 1.5)),
            user("a", set(PRODUCE, 1e19)),
            user("a", set(PRODUCE, Double.NaN)),
            user("a", set("request_percentage", Double.POSITIVE_INFINITY)),
            user("a", set("connection_creation_rate", 1)),
            entryOf(address, set(PRODUCE, 1)),
            entryOf(address, set("connection_creation_rate", 3e9)),
            entryOf(List.of(part("ip", "localhost")), set("connection_creation_rate", 1)));
    assertThat(errors.getFirst()).isEqualTo(Errors.NONE);
    assertThat(errors.subList(1, errors.size())).containsOnly(Errors.INVALID_REQUEST);
    assertThat(quotas().of(QuotaEntity.of(QuotaEntity.Part.USER, Optional.of("good"))))
        .containsOnly(entry(PRODUCE, 1.0));
    assertThat(quotas().valuesByEntity()).hasSize(1);
  }
}
