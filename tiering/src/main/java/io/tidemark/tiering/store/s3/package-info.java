/**
 * Any S3-compatible store, by the AWS SDK with the CRT HTTP client. Loaded only when a store of the
 * scheme {@code s3} is opened.
 */
@NullMarked
package io.tidemark.tiering.store.s3;

import org.jspecify.annotations.NullMarked;
