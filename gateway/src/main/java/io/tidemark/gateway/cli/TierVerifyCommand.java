package io.tidemark.gateway.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Reads back every object and checks it. The node answers one JSON object a line: one for each
 * partition ({@code topic}, {@code partition}, {@code objects}, {@code bytes}, {@code problems}: a
 * list of lines), at the end one with {@code done}. An answer that stops before it is a failure.
 */
@Command(
    name = "verify",
    description =
        "Read back every object and check it against manifest and checksums. Partitions without"
            + " objects are shown for a named topic only.")
final class TierVerifyCommand implements Callable<Integer> {
  @Mixin HttpOptions node = new HttpOptions();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this topic.")
  @Nullable String topic;

  @Mixin OutputOption output = new OutputOption();

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    String wanted = topic;
    Result result = new Result("topic", "partition", "objects", "bytes", "problems");
    PrintWriter err = spec.commandLine().getErr();
    int problems = 0;
    boolean done = false;
    try (Stream<String> lines =
        node.lines("/v1/tier/verify", wanted == null ? Map.of() : Map.of("topic", wanted))) {
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        Map<String, Object> row = new LinkedHashMap<>(JSON.std.mapFrom(each.next()));
        done |= row.containsKey("done");
        if (!row.containsKey("partition")) {
          continue;
        }
        List<?> found = row.get("problems") instanceof List<?> list ? list : List.of();
        found.forEach(problem -> err.println("problem: " + problem));
        problems += found.size();
        if (wanted == null && found.isEmpty() && isZero(row.get("objects"))) {
          continue;
        }
        result.add(
            row.get("topic"),
            row.get("partition"),
            row.get("objects"),
            row.get("bytes"),
            found.size());
      }
    }
    result.print(spec.commandLine().getOut(), output.format);
    if (!done) {
      throw CommandFailure.refused(
          "the node stopped answering before all was read; see its log, and verify again");
    }
    if (problems > 0) {
      throw CommandFailure.refused(
          problems + " problems in the object store; see 'Object store' in docs/operations.md");
    }
    return ExitCode.DONE;
  }

  private static boolean isZero(@Nullable Object count) {
    return count instanceof Number number && number.longValue() == 0;
  }
}
