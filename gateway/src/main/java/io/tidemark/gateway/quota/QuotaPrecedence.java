package io.tidemark.gateway.quota;

import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import io.tidemark.metadata.image.QuotaKey;
import io.tidemark.metadata.image.QuotasImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Which of several quotas holds for a client, in Kafka's order: the first that is set.
 *
 * <pre>
 *   1  user and client id           5  default user and default client id
 *   2  user and default client id   6  default user
 *   3  user                         7  client id
 *   4  default user and client id   8  default client id
 * </pre>
 *
 * A default is a quota that everybody of its kind has for himself. All clients of a user share what
 * is the user's; whoever has the same client id shares what is the client id's.
 */
final class QuotaPrecedence {
  private QuotaPrecedence() {}

  /**
   * A quota and who shares it.
   *
   * @param user null when it does not matter who it is
   * @param clientId null when it does not matter
   */
  record Found(double limit, @Nullable String user, @Nullable String clientId) {}

  /** What holds for a client, null when nothing does. */
  static @Nullable Found find(QuotasImage quotas, QuotaKey key, String user, String clientId) {
    Optional<String> anybody = Optional.empty();
    for (Optional<String> name : List.of(Optional.of(user), anybody)) {
      OptionalDouble both =
          first(
              quotas,
              key,
              QuotaEntity.of(name, Optional.of(clientId)),
              QuotaEntity.of(name, anybody));
      if (both.isPresent()) {
        return new Found(both.getAsDouble(), user, clientId);
      }
      OptionalDouble ofUser = quotas.of(QuotaEntity.of(Part.USER, name), key);
      if (ofUser.isPresent()) {
        return new Found(ofUser.getAsDouble(), user, null);
      }
    }
    OptionalDouble ofClient =
        first(
            quotas,
            key,
            QuotaEntity.of(Part.CLIENT_ID, Optional.of(clientId)),
            QuotaEntity.of(Part.CLIENT_ID, anybody));
    return ofClient.isPresent() ? new Found(ofClient.getAsDouble(), null, clientId) : null;
  }

  private static OptionalDouble first(
      QuotasImage quotas, QuotaKey key, QuotaEntity named, QuotaEntity byDefault) {
    OptionalDouble found = quotas.of(named, key);
    return found.isPresent() ? found : quotas.of(byDefault, key);
  }
}
