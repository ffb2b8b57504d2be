package io.tidemark.gateway.metrics;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * Finds the error codes of any response: Produce and Fetch by plain loops, all others by walking
 * their generated classes, whose accessors are looked up once.
 */
public final class ResponseErrors {
  private static final ClassValue<Accessors> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Accessors computeValue(Class<?> type) {
          return Accessors.of(type);
        }
      };

  private ResponseErrors() {}

  /** Tells every error in the response, one call for each place; success is not told. */
  public static void visit(ApiMessage body, ObjIntConsumer<Errors> visitor) {
    switch (body) {
      case ProduceResponseData produce -> visit(produce, visitor);
      case FetchResponseData fetch -> visit(fetch, visitor);
      default -> walk(body, visitor);
    }
  }

  private static void visit(ProduceResponseData produce, ObjIntConsumer<Errors> visitor) {
    for (var topic : produce.responses()) {
      for (var partition : topic.partitionResponses()) {
        tell(partition.errorCode(), visitor);
      }
    }
  }

  private static void visit(FetchResponseData fetch, ObjIntConsumer<Errors> visitor) {
    tell(fetch.errorCode(), visitor);
    for (var topic : fetch.responses()) {
      for (var partition : topic.partitions()) {
        tell(partition.errorCode(), visitor);
      }
    }
  }

  private static void tell(short code, ObjIntConsumer<Errors> visitor) {
    if (code != 0) {
      visitor.accept(Errors.forCode(code), 1);
    }
  }

  private static void walk(Message message, ObjIntConsumer<Errors> visitor) {
    Accessors accessors = ACCESSORS.get(message.getClass());
    try {
      if (accessors.errorCode != null) {
        tell((short) accessors.errorCode.invokeExact((Object) message), visitor);
      }
      for (MethodHandle collection : accessors.collections) {
        walkAll((Collection<?>) collection.invokeExact((Object) message), visitor);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("no error codes of " + message.getClass(), e);
    }
  }

  private static void walkAll(@Nullable Collection<?> elements, ObjIntConsumer<Errors> visitor) {
    if (elements == null) {
      return;
    }
    for (Object element : elements) {
      if (!(element instanceof Message message)) {
        return; // numbers or strings, all of them
      }
      walk(message, visitor);
    }
  }

  /** A generated class's way to its error code and to its nested messages. */
  private record Accessors(@Nullable MethodHandle errorCode, List<MethodHandle> collections) {

    static Accessors of(Class<?> type) {
      MethodHandle errorCode = null;
      List<MethodHandle> collections = new ArrayList<>();
      for (Method method : type.getMethods()) {
        if (method.getParameterCount() > 0) {
          continue;
        }
        if (method.getName().equals("errorCode") && method.getReturnType() == short.class) {
          errorCode = handle(method, short.class);
        } else if (Collection.class.isAssignableFrom(method.getReturnType())
            && !method.getName().equals("unknownTaggedFields")) {
          collections.add(handle(method, Collection.class));
        }
      }
      return new Accessors(errorCode, List.copyOf(collections));
    }

    private static MethodHandle handle(Method method, Class<?> result) {
      try {
        return MethodHandles.publicLookup()
            .unreflect(method)
            .asType(MethodType.methodType(result, Object.class));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
