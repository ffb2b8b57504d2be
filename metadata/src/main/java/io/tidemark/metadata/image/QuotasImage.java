package io.tidemark.metadata.image;

import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * How much clients may use, by whom it is for and by {@link QuotaKey#key}. No entity is without a
 * value.
 */
public record QuotasImage(PMap<QuotaEntity, PMap<String, Double>> valuesByEntity) {

  public static final QuotasImage EMPTY = new QuotasImage(HashTreePMap.empty());

  /** The quotas of exactly this entity, none where it has none. */
  public PMap<String, Double> of(QuotaEntity entity) {
    PMap<String, Double> values = valuesByEntity.get(entity);
    return values == null ? HashTreePMap.empty() : values;
  }

  /** One quota of exactly this entity. */
  public OptionalDouble of(QuotaEntity entity, QuotaKey key) {
    Double value = of(entity).get(key.key());
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  public boolean isEmpty() {
    return valuesByEntity.isEmpty();
  }

  /** This image with other values of one entity; null takes a value away. */
  public QuotasImage with(QuotaEntity entity, Map<String, @Nullable Double> changes) {
    PMap<String, Double> values = of(entity);
    for (Map.Entry<String, @Nullable Double> change : changes.entrySet()) {
      Double value = change.getValue();
      values = value == null ? values.minus(change.getKey()) : values.plus(change.getKey(), value);
    }
    return new QuotasImage(
        values.isEmpty() ? valuesByEntity.minus(entity) : valuesByEntity.plus(entity, values));
  }
}
