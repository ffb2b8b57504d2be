package io.tidemark.gateway.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description =
        "Show each topic's bytes on local disks and in the store, and what waits for upload.")
final class TierStatusCommand implements Callable<Integer> {
  @Mixin HttpOptions node = new HttpOptions();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this topic.")
  @Nullable String topic;

  @Mixin OutputOption output = new OutputOption();

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String wanted = topic;
    Map<String, Object> status =
        node.object("/v1/tier", wanted == null ? Map.of() : Map.of("topic", wanted));
    Result result =
        new Result(
            "topic",
            "hot bytes",
            "cold bytes",
            "segments",
            "dirty bytes",
            "waiting bytes",
            "oldest waiting ms");
    if (status.get("topics") instanceof List<?> topics) {
      for (Object each : topics) {
        if (each instanceof Map<?, ?> row) {
          result.add(
              row.get("topic"),
              row.get("hotBytes"),
              row.get("coldBytes"),
              row.get("segments"),
              row.get("dirtyBytes"),
              row.get("waitingBytes"),
              row.get("oldestWaitingMs"));
        }
      }
    }
    result.print(spec.commandLine().getOut(), output.format);
    return ExitCode.DONE;
  }
}
