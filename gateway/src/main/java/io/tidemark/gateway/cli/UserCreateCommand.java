package io.tidemark.gateway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = {
      "Create a user, or give one another password, for SCRAM-SHA-256 and SCRAM-SHA-512.",
      "The password is read from standard input, or from a file: never from the command line,"
          + " which others can see."
    })
final class UserCreateCommand extends NodeCommand {
  @Parameters(paramLabel = "USER", description = "The user's name.")
  String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the password.")
  @Nullable Path passwordFile;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "8192",
      description = "How often the password is hashed, 4096 to 16384 (default: 8192).")
  int iterations = 8_192;

  @Override
  int run(Admin admin) throws Exception {
    String password = password();
    List<UserScramCredentialAlteration> changes =
        List.of(
            upsertion(ScramMechanism.SCRAM_SHA_256, password),
            upsertion(ScramMechanism.SCRAM_SHA_512, password));
    await(admin.alterUserScramCredentials(changes).all());
    say("created", "created " + user);
    return ExitCode.DONE;
  }

  private UserScramCredentialUpsertion upsertion(ScramMechanism mechanism, String password) {
    return new UserScramCredentialUpsertion(
        user, new ScramCredentialInfo(mechanism, iterations), password);
  }

  private String password() throws IOException {
    Path file = passwordFile;
    @Nullable String line =
        file == null
            ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                .readLine()
            : Files.readAllLines(file, StandardCharsets.UTF_8).stream().findFirst().orElse(null);
    if (line == null || line.isEmpty()) {
      throw CommandFailure.usage("there is no password on standard input or in the file");
    }
    return line;
  }
}
