/**
 * The list of scenarios that the tests of all modules show, made of {@code docs/scenarios.md}, of
 * what test classes claim ({@link io.tidemark.scenario.Scenario}) and of how their tests went.
 */
@NullMarked
package io.tidemark.tests.scenario;

import org.jspecify.annotations.NullMarked;
