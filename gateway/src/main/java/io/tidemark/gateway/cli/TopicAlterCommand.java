package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "alter", description = "Change settings of a topic.")
final class TopicAlterCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
  String topic = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a topic setting; may be repeated.")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "KEY",
      description = "Puts a setting back to the node's default; may be repeated.")
  List<String> unset = new ArrayList<>();

  @Override
  int run(Admin admin) throws Exception {
    new ConfigChange(set, unset).apply(admin, new ConfigResource(ConfigResource.Type.TOPIC, topic));
    say("altered", "topic " + topic + " altered");
    return ExitCode.DONE;
  }
}
