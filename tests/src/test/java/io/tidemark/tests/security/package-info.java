/** Real clients on protected listeners: who gets in, and what they may do there. */
@NullMarked
package io.tidemark.tests.security;

import org.jspecify.annotations.NullMarked;
