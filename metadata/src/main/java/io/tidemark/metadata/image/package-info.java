/**
 * What the cluster is: nodes, topics, partitions, configurations and features as one immutable
 * value.
 *
 * <pre>
 *   ClusterImage ── version (the quorum's index it stands at), cluster id
 *     ├── NodesImage     id → NodeImage         who there is, and whether it is fenced
 *     ├── TopicsImage    id → TopicImage        name → id
 *     │      └── PartitionImage                 replicas, ISR, ELR, leader, epochs, manifest, log start
 *     ├── ConfigsImage   resource → overrides
 *     ├── FeaturesImage  finalised feature levels
 *     ├── SecurityImage  rules and credentials
 *     ├── QuotasImage    entity → quotas        how much clients may use
 *     └── deleted topics whose objects are still in the store
 * </pre>
 *
 * The maps are persistent ones: the next image shares with this one everything that did not change,
 * so an image costs what changed and may be kept for as long as anybody likes. An image is made by
 * folding events ({@code io.tidemark.metadata.event}); nothing here decides anything.
 */
@NullMarked
package io.tidemark.metadata.image;

import org.jspecify.annotations.NullMarked;
