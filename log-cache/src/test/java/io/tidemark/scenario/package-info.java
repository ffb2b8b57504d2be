/**
 * Which scenarios of {@code docs/scenarios.md} the tests show.
 *
 * <pre>
 *   &#64;Scenario("S-79") on a test or its class
 *        |  ScenarioListener, in every module's test process
 *        v
 *   target/scenarios/CLASS.tsv     one line for each id and test: id, class, method, result, reason
 *        |  io.tidemark.tests.scenario.ScenarioReport, at the end of the tests module
 *        v
 *   tests/target/scenarios.md
 * </pre>
 */
@NullMarked
package io.tidemark.scenario;

import org.jspecify.annotations.NullMarked;
