package io.tidemark.gateway.cli;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "describe", description = "Show settings, their values and where these come from.")
final class ConfigDescribeCommand extends NodeCommand {
  @ArgGroup(multiplicity = "1")
  ResourceArgument target = new ResourceArgument();

  @Option(names = "--changed", description = "Only settings that are not at their default.")
  boolean changed;

  @Override
  int run(Admin admin) throws Exception {
    print(settings(admin, target.resource(), changed));
    return ExitCode.DONE;
  }

  /**
   * @param changed only those that are not at their default
   */
  static Result settings(Admin admin, ConfigResource resource, boolean changed) throws Exception {
    Result result = new Result("name", "value", "source");
    await(admin.describeConfigs(List.of(resource)).values().get(resource)).entries().stream()
        .filter(entry -> !changed || entry.source() != ConfigEntry.ConfigSource.DEFAULT_CONFIG)
        .sorted(Comparator.comparing(ConfigEntry::name))
        .forEach(entry -> result.add(entry.name(), shown(entry), entry.source().name()));
    return result;
  }

  /** Its value; of a secret, that it is hidden. */
  static @Nullable String shown(ConfigEntry entry) {
    return entry.isSensitive() ? "(hidden)" : entry.value();
  }
}
