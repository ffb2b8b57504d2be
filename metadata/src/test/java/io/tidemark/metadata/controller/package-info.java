/** Tests of the controller on a modelled quorum, in one thread. */
@NullMarked
package io.tidemark.metadata.controller;

import org.jspecify.annotations.NullMarked;
