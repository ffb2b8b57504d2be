package io.tidemark.scenario;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the annotations of a test class say. */
public final class Claims {
  private Claims() {}

  /** The ids that a test claims: its own, those of its class and of the classes around it. */
  public static Set<String> of(Class<?> testClass, String method) {
    Set<String> ids = new TreeSet<>();
    for (Method each : methods(testClass)) {
      if (each.getName().equals(method)) {
        add(ids, each.getAnnotation(Scenario.class));
      }
    }
    for (Class<?> each = testClass; each != null; each = each.getEnclosingClass()) {
      add(ids, each.getAnnotation(Scenario.class));
    }
    return ids;
  }

  /** The methods of a class and of those it extends, tests or not. */
  public static List<Method> methods(Class<?> testClass) {
    List<Method> methods = new ArrayList<>();
    for (Class<?> each = testClass; each != null; each = each.getSuperclass()) {
      methods.addAll(Arrays.asList(each.getDeclaredMethods()));
    }
    return methods;
  }

  private static void add(Set<String> ids, @Nullable Scenario scenario) {
    if (scenario != null) {
      ids.addAll(Arrays.asList(scenario.value()));
    }
  }
}
