/**
 * How log events are written: one line each, to standard error, as text or as JSON.
 *
 * <pre>
 *   SLF4J ──► Logback (logback.xml quiets noisy libraries) ──► EventEncoder ──► stderr
 * </pre>
 *
 * The format is text unless {@code tidemark.log.format} (setting or system property) or the
 * environment variable {@code TIDEMARK_LOG_FORMAT} says json.
 */
@NullMarked
package io.tidemark.gateway.logging;

import org.jspecify.annotations.NullMarked;
