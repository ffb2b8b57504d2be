package io.tidemark.junit;

import io.tidemark.junit.Tidemark.Lifecycle;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The clusters that {@link Tidemark} annotations ask for. Each is kept in the store of the context
 * it belongs to, where contexts below find it and which closes it. Without state of its own.
 */
final class AnnotatedCluster implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(AnnotatedCluster.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    annotation(context)
        .filter(asked -> asked.lifecycle() == Lifecycle.PER_CLASS)
        .ifPresent(asked -> start(asked, context));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Optional<Tidemark> ofTest = annotation(context);
    ofTest
        .or(() -> ofClasses(context).filter(asked -> asked.lifecycle() == Lifecycle.PER_METHOD))
        .ifPresent(asked -> start(asked, context));
  }

  /** That of the nearest class that has one. */
  private static Optional<Tidemark> ofClasses(ExtensionContext test) {
    return test.getParent().flatMap(parent -> annotation(parent).or(() -> ofClasses(parent)));
  }

  private static Optional<Tidemark> annotation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), Tidemark.class);
  }

  private static void start(Tidemark asked, ExtensionContext context) {
    store(context).put(TidemarkCluster.class, TidemarkCluster.start(ClusterPlan.of(asked)));
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Injection.supports(parameter);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TidemarkCluster cluster = store(context).get(TidemarkCluster.class, TidemarkCluster.class);
    if (cluster == null) {
      throw new ParameterResolutionException(
          "No cluster runs yet: with PER_METHOD there is one from @BeforeEach on");
    }
    return Injection.resolve(parameter, cluster, store(context));
  }
}
