package io.tidemark.gateway.cli;

import java.util.Comparator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the groups.")
final class GroupListCommand extends NodeCommand {
  @Override
  int run(Admin admin) throws Exception {
    Result result = new Result("group", "state", "type", "protocol");
    await(admin.listGroups().all()).stream()
        .sorted(Comparator.comparing(GroupListing::groupId))
        .forEach(group ->
            result.add(
                group.groupId(),
                group.groupState().map(Object::toString).orElse(null),
                group.type().map(Object::toString).orElse(null),
                group.protocol()));
    print(result);
    return ExitCode.DONE;
  }
}
