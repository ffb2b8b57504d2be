/**
 * What a node and its topics can be told, declared once: name, type, default, range and meaning.
 *
 * <pre>
 *   --config FILE ─► PropertiesFile ─┐
 *   --set key=value ─────────────────┴► NodeConfigReader ─► NodeConfig ◄─ with(NodeOverrides)
 *                                         │ all that is wrong   │          changed while it runs
 *                                         ▼                     ▼
 *                              ConfigurationException      TopicConfigs ─► LogConfig of a topic
 *
 *   *Keys ─► NodeDefinition, TopicDefinition ─► ConfigReference ─► docs/configuration.md
 * </pre>
 *
 * Names are Kafka's wherever Kafka has the concept. Kafka's other names are in {@link
 * io.tidemark.gateway.config.IgnoredSettings}, with the reason why they mean nothing here, or in
 * {@link io.tidemark.gateway.config.RefusedSettings}. A topic's setting that is not set is the
 * node's ({@link io.tidemark.gateway.config.NodeSynonym}); of a node's setting the first layer that
 * has it decides ({@link io.tidemark.gateway.config.Layers}).
 */
@NullMarked
package io.tidemark.gateway.config;

import org.jspecify.annotations.NullMarked;
