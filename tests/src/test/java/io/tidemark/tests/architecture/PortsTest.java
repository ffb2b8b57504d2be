package io.tidemark.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/**
 * Time, randomness and threads come in through constructors, so that everything above the ports can
 * run in one thread from a seed. Only the wiring, and the command line (a process of its own), may
 * make them.
 */
class PortsTest {

  @Test
  void clocksAreReadThroughTimeOnly() {
    inside().should().callMethod(System.class, "currentTimeMillis").check(LayersTest.CLASSES);
    inside().should().callMethod(System.class, "nanoTime").check(LayersTest.CLASSES);
    inside().should().callMethod(Instant.class, "now").check(LayersTest.CLASSES);
    inside().should().callMethod(Clock.class, "systemUTC").check(LayersTest.CLASSES);
    inside().should().accessField(Time.class, "SYSTEM").check(LayersTest.CLASSES);
  }

  @Test
  void nobodySleepsButThroughTime() {
    inside().should().callMethod(Thread.class, "sleep", long.class).check(LayersTest.CLASSES);
  }

  @Test
  void randomNumbersAndIdsComeFromTheRandomnessPort() {
    inside().should().callMethod(Math.class, "random").check(LayersTest.CLASSES);
    inside().should().callMethod(UUID.class, "randomUUID").check(LayersTest.CLASSES);
    inside().should().callMethod(Uuid.class, "randomUuid").check(LayersTest.CLASSES);
    inside().should().callMethod(ThreadLocalRandom.class, "current").check(LayersTest.CLASSES);
  }

  @Test
  void threadsAndPoolsAreMadeByTheWiring() {
    inside()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Executors.class)
        .check(LayersTest.CLASSES);
    inside().should().callMethod(Thread.class, "ofVirtual").check(LayersTest.CLASSES);
    inside().should().callMethod(Thread.class, "ofPlatform").check(LayersTest.CLASSES);
  }

  private static GivenClassesConjunction inside() {
    return noClasses()
        .that()
        .resideInAPackage("io.tidemark..")
        .and()
        .resideOutsideOfPackages("io.tidemark.gateway.node..", "io.tidemark.gateway.cli..");
  }
}
