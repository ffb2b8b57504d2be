/**
 * Proof of the proof: cores that are broken on purpose, one at a time, and the run that notices.
 *
 * <pre>
 *   compiled classes ──▶ MutatingLoader ── one Mutation ──▶ a node with one mistake
 *                                                              │
 *   BrokenCoresTest ── the same simulation as ever ◄───────────┘  must fail
 * </pre>
 *
 * <p>Nothing in the product knows of this: a mistake is a static method in the tests of the module
 * whose class it breaks, and is put into that class's code while it is loaded.
 */
@NullMarked
package io.tidemark.tests.mutation;

import org.jspecify.annotations.NullMarked;
