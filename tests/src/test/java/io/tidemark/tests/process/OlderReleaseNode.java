package io.tidemark.tests.process;

import io.tidemark.tests.mutation.MutatingLoader;
import io.tidemark.tests.mutation.Mutation;
import io.tidemark.tests.mutation.Mutation.How;
import java.util.List;

/**
 * The main class of a process with a node of a release that knew transactions up to version 1 only:
 * this release's classes, changed while they are loaded, as a release before it would have them.
 */
final class OlderReleaseNode {
  private OlderReleaseNode() {}

  public static void main(String[] arguments) throws Exception {
    MutatingLoader loader =
        new MutatingLoader(
            List.of(
                new Mutation(
                    "io.tidemark.gateway.node.RegistrationRequest",
                    "make",
                    How.RESULT,
                    "io.tidemark.gateway.node.OlderRegistration",
                    "registers"),
                new Mutation(
                    "io.tidemark.metadata.controller.DecisionLoop",
                    "formation",
                    How.RESULT,
                    "io.tidemark.metadata.controller.OlderFormation",
                    "forms")));
    Thread.currentThread().setContextClassLoader(loader);
    loader
        .loadClass("io.tidemark.gateway.cli.Tidemark")
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }
}
