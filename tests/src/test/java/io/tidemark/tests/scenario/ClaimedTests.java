package io.tidemark.tests.scenario;

import io.tidemark.scenario.Claims;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Every test of every module that claims a scenario, found in the compiled test classes. */
final class ClaimedTests {
  private ClaimedTests() {}

  /** A test and one id it claims; {@code isLong} when it runs under {@code -Plong} only. */
  record Claim(String id, String testClass, String method, boolean isLong) {}

  static List<Claim> find(Path repository) throws IOException {
    List<Claim> claims = new ArrayList<>();
    for (Path module : modules(repository)) {
      Path classes = module.resolve("target/test-classes");
      if (Files.isDirectory(classes)) {
        try (Stream<Path> files = Files.walk(classes)) {
          files
              .map(file -> classes.relativize(file).toString())
              .filter(name -> name.matches(".*(Test|IT|Simulation)(\\$\\w+)?\\.class"))
              .sorted()
              .forEach(name -> addClaims(name, claims));
        }
      }
    }
    return claims;
  }

  static List<Path> modules(Path repository) throws IOException {
    try (Stream<Path> folders = Files.list(repository)) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    }
  }

  private static void addClaims(String file, List<Claim> claims) {
    Class<?> testClass =
        load(file.substring(0, file.length() - ".class".length()).replace('/', '.'));
    if (Modifier.isAbstract(testClass.getModifiers()) || isNeverRun(testClass)) {
      return;
    }
    for (Method method : Claims.methods(testClass)) {
      if (AnnotationSupport.isAnnotated(method, Testable.class)) {
        boolean isLong = isLong(method, testClass);
        for (String id : Claims.of(testClass, method.getName())) {
          claims.add(new Claim(id, testClass.getName(), method.getName(), isLong));
        }
      }
    }
  }

  /** A static class within a test is one that the test runs itself, such as this report's own. */
  private static boolean isNeverRun(Class<?> testClass) {
    return testClass.getEnclosingClass() != null && Modifier.isStatic(testClass.getModifiers());
  }

  private static boolean isLong(Method method, Class<?> testClass) {
    return Stream.concat(
            AnnotationSupport.findRepeatableAnnotations(method, Tag.class).stream(),
            AnnotationSupport.findRepeatableAnnotations(testClass, Tag.class).stream())
        .anyMatch(tag -> tag.value().equals("long"));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ClaimedTests.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a test class that is not on the class path: " + name, e);
    }
  }
}
