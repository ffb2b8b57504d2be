package io.tidemark.tests.mutation;

/**
 * One mistake: what becomes of a method of the product.
 *
 * @param target the broken class
 * @param method its broken method, all overloads of it
 * @param how where the mistake is made
 * @param mistake the class, of the same package, with the static method that makes it
 * @param name of that method
 */
public record Mutation(String target, String method, How how, String mistake, String name) {

  /** Where in a method. */
  public enum How {
    /** Instead of all it does; takes the object, if any, and the arguments. */
    INSTEAD,
    /** Before all it does, with the same arguments. */
    BEFORE,
    /** Takes the object, if any, and what it would return, and returns something else. */
    RESULT,
    /** Takes the object and the first argument, and passes on another one. */
    ARGUMENT
  }
}
