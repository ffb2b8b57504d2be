package io.tidemark.gateway.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "version",
    description = "Show the versions of Tidemark, its Kafka protocol and Java.")
final class VersionCommand implements Callable<Integer> {
  @Mixin OutputOption output = new OutputOption();

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    versions().print(spec.commandLine().getOut(), output.format);
    return ExitCode.DONE;
  }

  static Result versions() {
    Result result = new Result("tidemark", "kafka protocol", "java");
    result.add(tidemark(), AppInfoParser.getVersion(), Runtime.version().toString());
    return result;
  }

  /** The version of the jar, or "development" when run from classes. */
  static String tidemark() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
