/**
 * What a partition has in the store, version by version.
 *
 * <pre>
 *   quorum: ManifestPointer(version, uuid, tieredOffset, size, CRC32C)
 *                │
 *                ▼
 *   root   &lt;version&gt;-&lt;uuid&gt;.pb     parent pointer · lineage · pending deletes
 *     ├── up to 512 newest segments
 *     └── references to leaves ──▶ &lt;base offset&gt;-&lt;uuid&gt;.leaf, 512 segments each, never rewritten
 * </pre>
 *
 * A {@link io.tidemark.tiering.manifest.ManifestDraft} derives the next version by pure functions;
 * {@link io.tidemark.tiering.manifest.ManifestObjects} writes it; {@link
 * io.tidemark.tiering.manifest.ManifestCommits}, the quorum, makes it current; {@link
 * io.tidemark.tiering.manifest.ManifestCache} keeps what readers look up.
 */
@NullMarked
package io.tidemark.tiering.manifest;

import org.jspecify.annotations.NullMarked;
