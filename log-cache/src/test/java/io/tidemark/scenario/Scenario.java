package io.tidemark.scenario;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The ids of {@code docs/scenarios.md} that a test shows, such as {@code "S-79"}: when the test
 * passes, what the page promises for that scenario holds, or the part of it that the test's name
 * says. On a class it counts for each of its tests.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Scenario {
  String[] value();
}
