package io.tidemark.metadata.controller;

/** Decides on the voter that leads the quorum. */
public final class QuorumController {}
