package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Delete topics with all their records, in the object store too.")
final class TopicDeleteCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Which topics.")
  List<String> topics = new ArrayList<>();

  @Override
  int run(Admin admin) throws Exception {
    await(admin.deleteTopics(topics).all());
    say("deleted", "deleted " + String.join(", ", topics));
    return ExitCode.DONE;
  }
}
