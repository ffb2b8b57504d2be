package io.tidemark.gateway.node;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ScramUser;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * The users of {@code tidemark.bootstrap.users.file}: each line {@code user=password}. Those whom
 * the cluster does not know are to be created; one it knows keeps the password it has.
 */
final class BootstrapUsers {
  private static final int ITERATIONS = 8_192;
  private static final int SALT_BITS = 130;
  private static final int SALT_RADIX = 36;

  private final Map<String, String> passwords;

  private BootstrapUsers(Map<String, String> passwords) {
    this.passwords = passwords;
  }

  static BootstrapUsers read(Path file) throws IOException {
    Map<String, String> passwords = new LinkedHashMap<>();
    int line = 0;
    for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      line++;
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1) {
        throw new IOException(file + ":" + line + ": is not of the form user=password");
      }
      passwords.put(text.substring(0, equals).strip(), text.substring(equals + 1));
    }
    return new BootstrapUsers(passwords);
  }

  /** What to ask of the controller; without upsertions where every user is known. */
  AlterUserScramCredentialsRequestData missing(ClusterImage image, RandomGenerator random) {
    AlterUserScramCredentialsRequestData request = new AlterUserScramCredentialsRequestData();
    passwords.forEach((user, password) -> {
      if (!isKnown(image, user)) {
        request.upsertions().add(upsertion(user, password, ScramMechanism.SCRAM_SHA_256, random));
        request.upsertions().add(upsertion(user, password, ScramMechanism.SCRAM_SHA_512, random));
      }
    });
    return request;
  }

  private static boolean isKnown(ClusterImage image, String user) {
    return image.security().scram().containsKey(new ScramUser(user, (byte) 1))
        || image.security().scram().containsKey(new ScramUser(user, (byte) 2));
  }

  private static ScramCredentialUpsertion upsertion(
      String user, String password, ScramMechanism mechanism, RandomGenerator random) {
    byte[] drawn = new byte[1 + SALT_BITS / Byte.SIZE];
    random.nextBytes(drawn);
    byte[] salt =
        new BigInteger(1, drawn)
            .mod(BigInteger.ONE.shiftLeft(SALT_BITS))
            .toString(SALT_RADIX)
            .getBytes(StandardCharsets.UTF_8);
    try {
      return new ScramCredentialUpsertion()
          .setName(user)
          .setMechanism((byte) (mechanism == ScramMechanism.SCRAM_SHA_256 ? 1 : 2))
          .setIterations(ITERATIONS)
          .setSalt(salt)
          .setSaltedPassword(
              new ScramFormatter(mechanism).saltedPassword(password, salt, ITERATIONS));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + mechanism.macAlgorithm(), e);
    }
  }
}
