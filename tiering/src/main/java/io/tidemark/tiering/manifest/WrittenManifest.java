package io.tidemark.tiering.manifest;

/** A manifest that lies in the store, and the pointer whose commit makes it current. */
public record WrittenManifest(Manifest manifest, ManifestPointer pointer) {}
