/**
 * Who decides about the cluster's metadata.
 *
 * <pre>
 *   Controller call ──► DecisionLoop: on the leader only, one after the other
 *                          │
 *                          ▼        committed image + Draft
 *        TopicCreation   TopicDeletion   PartitionAddition   ConfigControl ── ConfigPolicy (port)
 *        ReassignmentControl ── ReassignmentPlan             ElectionControl ── LeaderBalance
 *        IsrControl      NodeControl ── NodeSessions         TierControl   ProducerIdControl
 *              └───────────┴── LeadershipControl ── PartitionElection
 *                          │ events, in groups that belong together
 *                          ▼
 *                     EntryPacker ──► Quorum ──► committed ──► answers
 * </pre>
 *
 * A decision is a pure function of the image: it throws Kafka's exception, puts errors into its
 * answer, or adds events to the draft. What it decided on stands in the events as epochs, so that
 * the fold can refuse what came too late.
 */
@NullMarked
package io.tidemark.metadata.controller;

import org.jspecify.annotations.NullMarked;
