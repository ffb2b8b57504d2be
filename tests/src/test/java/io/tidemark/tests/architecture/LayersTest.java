package io.tidemark.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The direction of dependencies between modules and within the gateway. */
class LayersTest {
  private static final String LOG = "io.tidemark.log..";
  private static final String METADATA = "io.tidemark.metadata..";
  private static final String TIERING = "io.tidemark.tiering..";
  private static final String GATEWAY = "io.tidemark.gateway..";

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("io.tidemark");

  @Test
  void theHotTierKnowsNoOtherModule() {
    noAccess(LOG, METADATA, TIERING, GATEWAY);
  }

  @Test
  void metadataKnowsNoOtherModule() {
    noAccess(METADATA, LOG, TIERING, GATEWAY);
  }

  @Test
  void theColdTierKnowsTheHotTierOnly() {
    noAccess(TIERING, METADATA, GATEWAY);
  }

  @Test
  void coordinatorAndControllerDoNotSeeEachOther() {
    String coordinator = "io.tidemark.metadata.coordinator..";
    String[] cluster = {
      "io.tidemark.metadata.controller..",
      "io.tidemark.metadata.quorum..",
      "io.tidemark.metadata.image..",
      "io.tidemark.metadata.event.."
    };
    noAccess(coordinator, cluster);
    for (String each : cluster) {
      noAccess(each, coordinator);
    }
  }

  @Test
  void commandLineAndHttpDoNotSeeTheHotTier() {
    noAccess("io.tidemark.gateway.cli..", LOG);
    noAccess("io.tidemark.gateway.http..", LOG);
  }

  @Test
  void kafkasInternalRecordClassesStayInOnePackage() {
    noClasses()
        .that()
        .resideInAPackage("io.tidemark..")
        .and()
        .resideOutsideOfPackage("io.tidemark.log.record..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.common.record.internal..")
        .check(CLASSES);
  }

  private static void noAccess(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(CLASSES);
  }
}
