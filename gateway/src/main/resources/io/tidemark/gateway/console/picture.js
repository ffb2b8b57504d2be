/** Pictures as SVG: a log with its segments, and sizes over time. What they show stands in tables too. */

import { element, shape } from "./page.js";
import { bytes, clock, count } from "./text.js";

const WIDTH = 1200;
const LEFT = 20;
const RIGHT = WIDTH - 20;

/** Where offsets lie on the line, from the first that is drawn to the log's end. */
function scaleOf(log) {
  const segments = [...log.coldSegments, ...log.hotSegments];
  const known = Object.values(log.offsets).filter((offset) => offset != null);
  const first = Math.min(...segments.map((segment) => segment.base), ...known);
  const last = Math.max(...segments.map((segment) => segment.next), ...known, first + 1);
  return (offset) => LEFT + ((offset - first) / (last - first)) * (RIGHT - LEFT);
}

function row(segments, y, x) {
  return segments
    .filter((segment) => segment.next > segment.base)
    .map((segment) =>
      shape("rect", {
        class: `segment ${segment.kind === "closed" ? "hot" : segment.kind === "sealed" ? "cold" : segment.kind}`,
        x: x(segment.base), y, width: Math.max(1, x(segment.next) - x(segment.base)), height: 26,
      }, shape("title", {}, `${segment.kind}: offsets ${count(segment.base)} to ${count(segment.next - 1)}, ${bytes(segment.bytes)}`)));
}

/** A mark from above or below with its name, kept inside the picture. */
function mark(name, offset, x, from, to, labelY) {
  if (offset == null) return [];
  const at = x(offset);
  const anchor = at > WIDTH * 0.8 ? "end" : at < WIDTH * 0.2 ? "start" : "middle";
  return [
    shape("line", { class: "mark", x1: at, x2: at, y1: from, y2: to }),
    shape("text", { x: at, y: labelY, "text-anchor": anchor }, `${name} ${count(offset)}`),
  ];
}

const POSITION_ROWS = 6;

function positions(groups, x) {
  return groups.slice(0, POSITION_ROWS).flatMap((group, index) => {
    const at = x(group.offset);
    const y = 218 + index * 18;
    const isRight = at > WIDTH * 0.7;
    return [
      shape("line", { class: "axis", x1: at, x2: at, y1: 150, y2: y - 9 }),
      shape("circle", { class: "position", cx: at, cy: y - 4, r: 5 }),
      shape("text", { x: isRight ? at - 10 : at + 10, y, "text-anchor": isRight ? "end" : "start" },
        `${group.group.slice(0, 60)} at ${count(group.offset)}`),
    ];
  });
}

/** One partition's log: the store above, this node's disk below, marks, and groups beneath. */
export function log(partition) {
  const x = scaleOf(partition);
  const { logStart, localLogStart, tiered, highWatermark, logEnd } = partition.offsets;
  const shown = partition.positions.slice(0, POSITION_ROWS);
  const height = 210 + shown.length * 18 + (partition.positions.length > shown.length ? 18 : 0);
  const title = `The log of ${partition.topic}, partition ${partition.partition}`;
  return element("figure", {},
    shape("svg", { viewBox: `0 -8 ${WIDTH} ${height + 8}`, role: "img", "aria-label": `${title}: ${partition.coldSegments.length} pieces in the store, `
      + `${partition.hotSegments.length} segments on this node's disk. The offsets and positions stand below as tables.` },
      shape("text", { class: "quiet", x: LEFT + 6, y: 88 }, "Store"),
      row(partition.coldSegments, 94, x),
      shape("text", { class: "quiet", x: LEFT + 6, y: 136 }, partition.hasReplica ? "This node's disk" : "This node has no replica"),
      row(partition.hotSegments, 142, x),
      mark("log start", logStart, x, 56, 172, 50),
      mark("tiered", tiered, x, 36, 122, 30),
      mark("local start", localLogStart, x, 138, 182, 194),
      mark("high watermark", highWatermark, x, 20, 172, 14),
      logEnd !== highWatermark ? mark("log end", logEnd, x, 140, 182, 194) : [],
      positions(shown, x),
      partition.positions.length > shown.length
        ? shape("text", { class: "quiet", x: LEFT, y: height - 6 }, `and ${partition.positions.length - shown.length} more groups, see below`) : null),
    element("ul", { class: "key" },
      element("li", { class: "cold" }, "in the store"),
      element("li", { class: "hot" }, "on disk, closed"),
      element("li", { class: "active" }, "being written"),
      element("li", { class: "position" }, "where a group reads on")));
}

/** Hot and cold bytes as two lines over the time the page has looked. */
export function sizes(samples) {
  const first = samples[0];
  const last = samples[samples.length - 1];
  const top = Math.max(1, ...samples.map((sample) => Math.max(sample.hot, sample.cold)));
  const x = (at) => LEFT + ((at - first.at) / Math.max(1, last.at - first.at)) * (RIGHT - LEFT);
  const y = (value) => 170 - (value / top) * 140;
  const line = (kind) => samples.map((sample) => `${x(sample.at).toFixed(1)},${y(sample[kind]).toFixed(1)}`).join(" ");
  return element("figure", {},
    shape("svg", { viewBox: `0 0 ${WIDTH} 200`, role: "img",
      "aria-label": `From ${clock(first.at)} to ${clock(last.at)}: on disks from ${bytes(first.hot)} to ${bytes(last.hot)}, in the store from ${bytes(first.cold)} to ${bytes(last.cold)}.` },
      shape("line", { class: "axis", x1: LEFT, x2: RIGHT, y1: 170, y2: 170 }),
      shape("text", { class: "quiet", x: LEFT, y: 20 }, bytes(top)),
      shape("text", { class: "quiet", x: LEFT, y: 190 }, clock(first.at)),
      shape("text", { class: "quiet", x: RIGHT, y: 190, "text-anchor": "end" }, clock(last.at)),
      shape("polyline", { class: "hotLine", points: line("hot") }),
      shape("polyline", { class: "coldLine", points: line("cold") })),
    element("ul", { class: "key" },
      element("li", { class: "hot" }, `on disks, all replicas (dashed): ${bytes(last.hot)}`),
      element("li", { class: "cold" }, `in the store: ${bytes(last.cold)}`)));
}
