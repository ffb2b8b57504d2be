@NullMarked
package io.tidemark.gateway.console;

import org.jspecify.annotations.NullMarked;
