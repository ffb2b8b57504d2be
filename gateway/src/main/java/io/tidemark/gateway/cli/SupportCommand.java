package io.tidemark.gateway.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;

@Command(
    name = "support",
    description =
        "Show what somebody who helps needs to know first, secrets left out: versions, nodes,"
            + " quorum, features, settings that were changed, log directories, and partitions that"
            + " are not well. What could not be asked says why, and the exit code is 1 then.")
final class SupportCommand extends NodeCommand {
  @Override
  int run(Admin admin) throws Exception {
    List<SupportSection> sections = new SupportReport(admin).sections();
    switch (client.output.format) {
      case table -> sections.forEach(section -> section.print(out()));
      case json -> Result.printJson(out(), objects(sections));
    }
    out().flush();
    return sections.stream().allMatch(SupportSection::isComplete)
        ? ExitCode.DONE
        : ExitCode.REFUSED;
  }

  private static Map<String, Object> objects(List<SupportSection> sections) {
    Map<String, Object> objects = new LinkedHashMap<>();
    sections.forEach(section -> objects.put(Result.camelCase(section.title()), section.object()));
    return objects;
  }
}
