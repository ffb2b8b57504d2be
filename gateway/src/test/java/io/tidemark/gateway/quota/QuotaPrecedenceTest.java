package io.tidemark.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import io.tidemark.metadata.image.QuotaKey;
import io.tidemark.metadata.image.QuotasImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaPrecedenceTest {
  private static final QuotaKey KEY = QuotaKey.PRODUCER_BYTE_RATE;

  /** In Kafka's order: what comes first holds. */
  private static final List<QuotaEntity> IN_ORDER =
      List.of(
          QuotaEntity.of(Optional.of("ann"), Optional.of("app")),
          QuotaEntity.of(Optional.of("ann"), Optional.empty()),
          QuotaEntity.of(Part.USER, Optional.of("ann")),
          QuotaEntity.of(Optional.empty(), Optional.of("app")),
          QuotaEntity.of(Optional.empty(), Optional.empty()),
          QuotaEntity.of(Part.USER, Optional.empty()),
          QuotaEntity.of(Part.CLIENT_ID, Optional.of("app")),
          QuotaEntity.of(Part.CLIENT_ID, Optional.empty()));

  /** Each entity may use as much as its place in the order. */
  private static QuotasImage from(int place) {
    QuotasImage quotas = QuotasImage.EMPTY;
    for (int i = place; i < IN_ORDER.size(); i++) {
      quotas = quotas.with(IN_ORDER.get(i), Map.of(KEY.key(), (double) i));
    }
    return quotas;
  }

  @Test
  void theFirstInKafkasOrderHolds() {
    List<QuotaPrecedence.Found> found = new ArrayList<>();
    for (int i = 0; i < IN_ORDER.size(); i++) {
      found.add(QuotaPrecedence.find(from(i), KEY, "ann", "app"));
    }
    assertThat(found)
        .containsExactly(
            new QuotaPrecedence.Found(0, "ann", "app"),
            new QuotaPrecedence.Found(1, "ann", "app"),
            new QuotaPrecedence.Found(2, "ann", null),
            new QuotaPrecedence.Found(3, "ann", "app"),
            new QuotaPrecedence.Found(4, "ann", "app"),
            new QuotaPrecedence.Found(5, "ann", null),
            new QuotaPrecedence.Found(6, null, "app"),
            new QuotaPrecedence.Found(7, null, "app"));
    assertThat(QuotaPrecedence.find(QuotasImage.EMPTY, KEY, "ann", "app")).isNull();
  }

  @Test
  void whoHasNoQuotaOfItsOwnHasTheDefaultForItself() {
    assertThat(QuotaPrecedence.find(from(0), KEY, "bob", "tool"))
        .isEqualTo(new QuotaPrecedence.Found(4, "bob", "tool"));
    assertThat(QuotaPrecedence.find(from(5), KEY, "bob", "tool"))
        .isEqualTo(new QuotaPrecedence.Found(5, "bob", null));
    assertThat(QuotaPrecedence.find(from(6), KEY, "bob", "tool"))
        .isEqualTo(new QuotaPrecedence.Found(7, null, "tool"));
  }

  @Test
  void eachKindOfQuotaIsLookedForByItself() {
    assertThat(QuotaPrecedence.find(from(0), QuotaKey.CONSUMER_BYTE_RATE, "ann", "app")).isNull();
  }
}
