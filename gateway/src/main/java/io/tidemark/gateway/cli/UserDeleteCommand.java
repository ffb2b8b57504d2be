package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Delete users; who is connected stays so.")
final class UserDeleteCommand extends NodeCommand {
  @Parameters(paramLabel = "USER", arity = "1..*", description = "Which users.")
  List<String> users = new ArrayList<>();

  @Override
  int run(Admin admin) throws Exception {
    List<UserScramCredentialAlteration> changes = new ArrayList<>();
    for (String user : users) {
      await(admin.describeUserScramCredentials(List.of(user)).description(user))
          .credentialInfos()
          .forEach(info -> changes.add(new UserScramCredentialDeletion(user, info.mechanism())));
    }
    await(admin.alterUserScramCredentials(changes).all());
    say("deleted", "deleted " + String.join(", ", users));
    return ExitCode.DONE;
  }
}
