import { element, figures, link, table } from "./page.js";
import * as picture from "./picture.js";
import { bytes, count, known } from "./text.js";

const segmentColumns = [
  { title: "First offset", head: true, number: true, cell: (each) => count(each.base) },
  { title: "Next offset", number: true, cell: (each) => count(each.next) },
  { title: "Size", number: true, cell: (each) => bytes(each.bytes) },
  { title: "Kind", cell: (each) => each.kind },
];

const LISTED = 50;

const newest = (segments) => segments.slice(-LISTED).reverse();

export const partition = {
  title: (view) => `${view.path[1]}, partition ${view.path[2]}`,
  load: (get, view) => get("/v1/partition", { topic: view.path[1], partition: view.path[2] }),
  draw(log) {
    const { logStart, localLogStart, tiered, highWatermark, logEnd } = log.offsets;
    return [
      element("p", {}, link(`All partitions of ${log.topic}`, "topics", log.topic)),
      log.coldProblem == null ? null : element("p", { class: "bad" }, log.coldProblem),
      picture.log(log),
      element("h2", {}, "Offsets"),
      figures({
        "Log start": known(logStart),
        "Local log start": known(localLogStart),
        Tiered: known(tiered, "not tiered"),
        "High watermark": known(highWatermark),
        "Log end": known(logEnd, log.leader < 0 ? "unknown" : `only node ${log.leader} knows`),
        Leader: log.leader < 0 ? element("span", { class: "bad" }, "none") : `node ${log.leader}, epoch ${log.leaderEpoch}`,
        Replicas: log.replicas.join(", "),
        "In sync": log.isr.join(", "),
      }),
      element("h2", {}, "Groups"),
      table("Where groups read on", [
        { title: "Group", head: true, cell: (each) => link(each.group, "groups", each.group) },
        { title: "Offset", number: true, cell: (each) => count(each.offset) },
        { title: "Behind", number: true, cell: (each) => highWatermark == null ? "unknown" : count(Math.max(0, highWatermark - each.offset)) },
      ], log.positions, "No group has committed an offset."),
      log.groupsLeftOut > 0 ? element("p", { class: "hint" }, `${count(log.groupsLeftOut)} further groups were not asked.`) : null,
      element("h2", {}, "Segments"),
      table(`In the store, the newest ${LISTED} of ${log.coldSegments.length}`, segmentColumns, newest(log.coldSegments), "Nothing."),
      table(`On the disk of node ${log.node}, the newest ${LISTED} of ${log.hotSegments.length}`, segmentColumns, newest(log.hotSegments), "Nothing."),
    ];
  },
};
