/**
 * What the store has to say about topics themselves, so that a cluster can be rebuilt from it.
 *
 * <pre>
 *   topic created or changed ──▶ TopicObjects (newest wins, retried) ──▶ topics/&lt;id&gt;/&lt;version&gt;.pb
 * </pre>
 *
 * The object with the greatest version counts; those before it are the topic's history and go with
 * the topic.
 */
@NullMarked
package io.tidemark.tiering.topic;

import org.jspecify.annotations.NullMarked;
