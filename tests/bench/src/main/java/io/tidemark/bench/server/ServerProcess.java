package io.tidemark.bench.server;

import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.machine.Proc;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Starts a command and waits until it serves, measuring how long that takes. */
final class ServerProcess {
  private ServerProcess() {}

  static Server start(
      Side side,
      ServerHome home,
      List<String> command,
      Map<String, String> environment,
      int expectedPartitions)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()));
    builder.environment().putAll(environment);
    List<Long> helpers = List.of(ProcessHandle.current().pid());
    Meter.Reading start = Meter.beforeStart(Proc.ofThisMachine(), helpers);
    Process process = builder.start();
    boolean ready = false;
    try {
      new ReadyProbe(process, home).awaitReady(expectedPartitions);
      ready = true;
      Meter meter = new Meter(Proc.ofThisMachine(), () -> List.of(process.pid()), helpers);
      return new Server(side, home, process, meter.since(start));
    } finally {
      if (!ready) {
        process.destroyForcibly().waitFor();
      }
    }
  }
}
