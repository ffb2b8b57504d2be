package io.tidemark.tests.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads Tidemark's own classes anew, some of them with a mistake in it, and shares all others. It
 * counts the methods it broke, so that a mutation whose target was renamed cannot pass unnoticed.
 */
public final class MutatingLoader extends ClassLoader {
  private static final String OURS = "io.tidemark.";

  private final List<Mutation> mutations;
  private int broken;

  public MutatingLoader(List<Mutation> mutations) {
    super(MutatingLoader.class.getClassLoader());
    this.mutations = mutations;
  }

  /** How many methods of classes loaded so far are broken. */
  int broken() {
    return broken;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String resource = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(resource)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      for (Mutation mutation : mutations) {
        if (mutation.target().equals(name)) {
          bytes = breakIn(bytes, mutation);
        }
      }
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] breakIn(byte[] bytes, Mutation mutation) {
    ClassFile classFile = ClassFile.of();
    ClassModel model = classFile.parse(bytes);
    ClassDesc target = ClassDesc.of(mutation.target());
    return classFile.transformClass(
        model,
        (builder, element) -> {
          if (element instanceof MethodModel method
              && method.methodName().equalsString(mutation.method())) {
            broken++;
            builder.transformMethod(
                method, MethodTransform.transformingCode(mistake(mutation, target, method)));
          } else {
            builder.with(element);
          }
        });
  }

  private static CodeTransform mistake(Mutation mutation, ClassDesc target, MethodModel method) {
    Call call = Call.of(mutation, target, method);
    return switch (mutation.how()) {
      case INSTEAD -> new Instead(call);
      case BEFORE -> new Before(call);
      case RESULT ->
          CodeTransform.ofStateful(() ->
              (code, element) -> {
                if (element instanceof ReturnInstruction) {
                  call.result(code);
                }
                code.with(element);
              });
      case ARGUMENT -> new Argument(call);
    };
  }

  /** The whole method is the mistake. */
  private record Instead(Call call) implements CodeTransform {
    @Override
    public void accept(CodeBuilder code, CodeElement element) {}

    @Override
    public void atEnd(CodeBuilder code) {
      call.all(code, call.returned());
      code.return_(TypeKind.from(call.returned()));
    }
  }

  private record Before(Call call) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      call.all(code, ConstantDescs.CD_void);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }

  private record Argument(Call call) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      call.argument(code);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }

  /** How the mistake is called from inside the broken method. */
  private record Call(Mutation mutation, ClassDesc target, boolean isStatic, MethodTypeDesc type) {
    static Call of(Mutation mutation, ClassDesc target, MethodModel method) {
      return new Call(
          mutation, target, method.flags().has(AccessFlag.STATIC), method.methodTypeSymbol());
    }

    ClassDesc returned() {
      return type.returnType();
    }

    /** With the object and all arguments. */
    void all(CodeBuilder code, ClassDesc returned) {
      List<ClassDesc> parameters = new ArrayList<>();
      if (!isStatic) {
        code.aload(code.receiverSlot());
        parameters.add(target);
      }
      for (int i = 0; i < type.parameterCount(); i++) {
        ClassDesc parameter = type.parameterType(i);
        code.loadLocal(TypeKind.from(parameter), code.parameterSlot(i));
        parameters.add(parameter);
      }
      invoke(code, MethodTypeDesc.of(returned, parameters));
    }

    /** With the object, if any, and what is about to be returned. */
    void result(CodeBuilder code) {
      if (isStatic) {
        invoke(code, MethodTypeDesc.of(returned(), returned()));
        return;
      }
      TypeKind kind = TypeKind.from(returned());
      int slot = code.allocateLocal(kind);
      code.storeLocal(kind, slot);
      code.aload(code.receiverSlot());
      code.loadLocal(kind, slot);
      invoke(code, MethodTypeDesc.of(returned(), target, returned()));
    }

    /** With the object and the first argument, whose place the answer takes. */
    void argument(CodeBuilder code) {
      ClassDesc first = type.parameterType(0);
      int slot = code.parameterSlot(0);
      code.aload(code.receiverSlot());
      code.loadLocal(TypeKind.from(first), slot);
      invoke(code, MethodTypeDesc.of(first, target, first));
      code.storeLocal(TypeKind.from(first), slot);
    }

    private void invoke(CodeBuilder code, MethodTypeDesc as) {
      code.invokestatic(ClassDesc.of(mutation.mistake()), mutation.name(), as);
    }
  }
}
