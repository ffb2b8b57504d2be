package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Delete groups without members, and their offsets.")
final class GroupDeleteCommand extends NodeCommand {
  @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Which groups.")
  List<String> groups = new ArrayList<>();

  @Override
  int run(Admin admin) throws Exception {
    await(admin.deleteConsumerGroups(groups).all());
    say("deleted", "deleted " + String.join(", ", groups));
    return ExitCode.DONE;
  }
}
