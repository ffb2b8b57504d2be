package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DuplicateResourceException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.jspecify.annotations.Nullable;

/**
 * Gives users credentials of SCRAM and takes them away. What comes in is a salted password; what is
 * kept are the two keys that follow from it. Per user all is done or nothing. With a user's last
 * credential go the delegation tokens that stand for it.
 */
final class ScramControl {
  private static final int MAX_ITERATIONS = 16_384;
  private static final int MAX_NAME_LENGTH = 1_024;
  private static final int MAX_SECRET_BYTES = 1_024;

  /** What is to happen to one user, or why it cannot. */
  private static final class Wish {
    private final Set<Byte> mechanisms = new HashSet<>();
    private final List<Event> events = new ArrayList<>();
    private @Nullable ApiException refusal;
  }

  private ScramControl() {}

  static Function<ClusterImage, AlterUserScramCredentialsResponseData> alter(
      Draft draft, AlterUserScramCredentialsRequestData request) {
    Map<String, Wish> wishes = new LinkedHashMap<>();
    for (ScramCredentialDeletion deletion : request.deletions()) {
      Wish wish = wishes.computeIfAbsent(deletion.name(), _ -> new Wish());
      add(wish, deletion.mechanism(), () -> removal(draft.image(), deletion));
    }
    for (ScramCredentialUpsertion upsertion : request.upsertions()) {
      Wish wish = wishes.computeIfAbsent(upsertion.name(), _ -> new Wish());
      add(wish, upsertion.mechanism(), () -> setting(upsertion));
    }
    List<AlterUserScramCredentialsResult> results = new ArrayList<>();
    wishes.forEach((user, wish) -> {
      if (wish.refusal == null) {
        draft.add(wish.events);
        endTokensOfNobody(draft, user, wish);
      }
      results.add(result(user, wish));
    });
    return _ -> new AlterUserScramCredentialsResponseData().setResults(results);
  }

  private static void endTokensOfNobody(Draft draft, String user, Wish wish) {
    boolean hasLost = wish.events.stream().anyMatch(Event.ScramCredentialRemoved.class::isInstance);
    boolean isLeft =
        draft.image().security().scram().keySet().stream().anyMatch(u -> u.name().equals(user));
    if (hasLost && !isLeft) {
      TokenControl.removeOf(draft, user);
    }
  }

  private static void add(Wish wish, byte mechanism, Supplier<Event> event) {
    if (wish.refusal != null) {
      return;
    }
    try {
      if (!wish.mechanisms.add(mechanism)) {
        throw new DuplicateResourceException(
            "A user's credential cannot be changed twice in the same request");
      }
      wish.events.add(event.get());
    } catch (ApiException e) {
      wish.refusal = e;
    }
  }

  private static AlterUserScramCredentialsResult result(String user, Wish wish) {
    AlterUserScramCredentialsResult result = new AlterUserScramCredentialsResult().setUser(user);
    if (wish.refusal != null) {
      result
          .setErrorCode(Errors.forException(wish.refusal).code())
          .setErrorMessage(wish.refusal.getMessage());
    }
    return result;
  }

  private static Event removal(ClusterImage image, ScramCredentialDeletion deletion) {
    requireName(deletion.name());
    mechanism(deletion.mechanism());
    ScramUser user = new ScramUser(deletion.name(), deletion.mechanism());
    if (!image.security().scram().containsKey(user)) {
      throw new ResourceNotFoundException("The user has no such credential");
    }
    return new Event.ScramCredentialRemoved(user);
  }

  private static Event setting(ScramCredentialUpsertion upsertion) {
    requireName(upsertion.name());
    ScramMechanism mechanism = mechanism(upsertion.mechanism());
    if (upsertion.iterations() < mechanism.minIterations()) {
      throw new UnacceptableCredentialException(
          "Too few iterations: at least " + mechanism.minIterations() + " are needed");
    }
    if (upsertion.iterations() > MAX_ITERATIONS) {
      throw new UnacceptableCredentialException(
          "Too many iterations: at most " + MAX_ITERATIONS + " are allowed");
    }
    if (upsertion.salt().length == 0
        || upsertion.saltedPassword().length == 0
        || upsertion.salt().length > MAX_SECRET_BYTES
        || upsertion.saltedPassword().length > MAX_SECRET_BYTES) {
      throw new UnacceptableCredentialException(
          "Salt and salted password must be there, and short");
    }
    return new Event.ScramCredentialSet(
        new ScramUser(upsertion.name(), upsertion.mechanism()), secret(mechanism, upsertion));
  }

  private static ScramSecret secret(ScramMechanism mechanism, ScramCredentialUpsertion upsertion) {
    try {
      ScramFormatter formatter = new ScramFormatter(mechanism);
      byte[] salted = upsertion.saltedPassword();
      return new ScramSecret(
          upsertion.salt(),
          formatter.storedKey(formatter.clientKey(salted)),
          formatter.serverKey(salted),
          upsertion.iterations());
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + mechanism.macAlgorithm(), e);
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new UnacceptableCredentialException(
          "A user's name has 1 to " + MAX_NAME_LENGTH + " characters");
    }
  }

  private static ScramMechanism mechanism(byte type) {
    return switch (type) {
      case 1 -> ScramMechanism.SCRAM_SHA_256;
      case 2 -> ScramMechanism.SCRAM_SHA_512;
      default ->
          throw new UnsupportedSaslMechanismException(
              "There is no SCRAM mechanism of type " + type);
    };
  }
}
