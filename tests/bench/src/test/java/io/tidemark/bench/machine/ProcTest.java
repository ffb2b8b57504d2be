package io.tidemark.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcTest {
  @Test
  void cpuIsUserAndKernelTimeWhateverTheProcessIsCalled() {
    String stat =
        "4711 (a (b) c d) S 1 2 3 0 -1 4194560 100 200 0 0 1234 766 5 6 20 0 30 0 12345 1 2 3";

    assertThat(Proc.parseCpuSeconds(stat)).isEqualTo(20.0);
  }

  @Test
  void whatEndedChildrenUsedIsTold() {
    String stat = "1 (java) S 1 2 3 0 -1 4194560 100 200 0 0 1234 766 250 50 20 0 30 0 12345 1 2 3";

    assertThat(Proc.parseEndedChildrenCpuSeconds(stat)).isEqualTo(3.0);
  }

  @Test
  void theMachineIsBusyWithEverythingButIdleAndWaiting() {
    String stat = "cpu  100 20 30 5000 600 7 8 9 11 12\ncpu0 1 2 3 4 5 6 7 8 9 10\n";

    assertThat(Proc.parseBusySeconds(stat)).isCloseTo(1.74, within(1e-9));
  }

  @Test
  void memoryIsGivenInBytes() {
    String status = "Name:\tjava\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n";

    assertThat(Proc.parseMemory(status, "VmRSS:")).isEqualTo(1 << 20);
    assertThat(Proc.parseMemory(status, "VmHWM:")).isEqualTo(2 << 20);
  }

  @Test
  void thisProcessCanBeRead() throws IOException {
    Proc proc = Proc.ofThisMachine();
    long pid = ProcessHandle.current().pid();

    assertThat(proc.cpuSeconds(pid)).isPositive().isLessThanOrEqualTo(proc.busySeconds());
    assertThat(proc.residentBytes(pid)).isPositive();
  }
}
