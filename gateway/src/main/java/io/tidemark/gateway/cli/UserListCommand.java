package io.tidemark.gateway.cli;

import java.util.Comparator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the users who log in by SCRAM.")
final class UserListCommand extends NodeCommand {
  @Override
  int run(Admin admin) throws Exception {
    Result result = new Result("user", "mechanism", "iterations");
    await(admin.describeUserScramCredentials().all()).values().stream()
        .sorted(Comparator.comparing(UserScramCredentialsDescription::name))
        .forEach(user ->
            user.credentialInfos()
                .forEach(info ->
                    result.add(user.name(), info.mechanism().mechanismName(), info.iterations())));
    print(result);
    return ExitCode.DONE;
  }
}
