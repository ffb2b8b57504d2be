package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "alter", description = "Change settings while the cluster runs.")
final class ConfigAlterCommand extends NodeCommand {
  @ArgGroup(multiplicity = "1")
  ResourceArgument target = new ResourceArgument();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a setting; may be repeated.")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "KEY",
      description = "Puts a setting back to its default; may be repeated.")
  List<String> unset = new ArrayList<>();

  @Override
  int run(Admin admin) throws Exception {
    new ConfigChange(set, unset).apply(admin, target.resource());
    say("altered", target.text() + " altered");
    return ExitCode.DONE;
  }
}
