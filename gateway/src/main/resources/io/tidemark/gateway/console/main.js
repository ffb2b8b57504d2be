/**
 * The console: an address names a view, a view loads JSON of this node and draws it, again every few
 * seconds. What has the focus keeps it when the view is drawn anew, and nothing is drawn while
 * something is being typed or chosen.
 */

import { cluster } from "./cluster.js";
import { events } from "./events.js";
import { group, groups } from "./groups.js";
import { element } from "./page.js";
import { partition } from "./partition.js";
import { store, uploads } from "./store.js";
import { clock, visible } from "./text.js";
import { topic, topics } from "./topics.js";

const INTERVAL_MS = 5000;
const MAX_SAMPLES = 720;
const MAX_HISTORIES = 100;
const VIEWS = { cluster, events, uploads, store, topics: [topics, topic, partition], groups: [groups, group] };

const content = document.getElementById("content");
const notice = document.getElementById("notice");
const pause = document.getElementById("pause");
const asOf = document.getElementById("asOf");

/** Sizes seen while the page is open, by what they are of; the oldest are given up. */
const histories = new Map();
let view = null;
let drawn = 0;

/** A part of an address; as it stands where it is no escaped text. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function viewAt(address) {
  const path = address.replace(/^#\/?/, "").split("/").map(decoded);
  const found = Object.hasOwn(VIEWS, path[0]) ? VIEWS[path[0]] : cluster;
  const parts = Array.isArray(found) ? found[Math.min(path.length, found.length) - 1] : found;
  return { path, parts, page: 0, filter: "", samples: [], go: change };
}

/** Another page, filter or order of the same view. */
function change(what) {
  Object.assign(view, what);
  refresh(true);
}

async function get(path, parameters = {}) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`, { signal: AbortSignal.timeout(10_000) });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `the node answered ${response.status}`);
  return body;
}

function remember({ key, hot, cold }) {
  const samples = histories.get(key) ?? [];
  samples.push({ at: Date.now(), hot, cold });
  if (samples.length > MAX_SAMPLES) samples.shift();
  histories.delete(key);
  histories.set(key, samples);
  if (histories.size > MAX_HISTORIES) histories.delete(histories.keys().next().value);
  return samples;
}

function isBusy() {
  const active = document.activeElement;
  if (!content.contains(active)) return false;
  return active.tagName === "SELECT" || (active.tagName === "INPUT" && active.value !== view.filter);
}

/** What has the focus, so that its successor gets it. */
function focused() {
  const active = document.activeElement;
  if (!content.contains(active)) return null;
  const alike = (made) => made.id === active.id && made.tagName === active.tagName
    && made.getAttribute("href") === active.getAttribute("href") && made.getAttribute("aria-label") === active.getAttribute("aria-label");
  return () => {
    const successor = [...content.querySelectorAll(active.tagName)].find(alike);
    successor?.focus({ preventScroll: true });
    if (successor?.tagName === "INPUT") successor.setSelectionRange(successor.value.length, successor.value.length);
  };
}

async function refresh(isAsked) {
  const shown = view;
  const turn = ++drawn;
  try {
    const data = await shown.parts.load(get, shown);
    if (shown !== view || turn !== drawn || (!isAsked && isBusy())) return;
    if (shown.parts.sample) shown.samples = remember(shown.parts.sample(data));
    const restoreFocus = focused();
    content.replaceChildren(element("h1", {}, shown.parts.title(shown)), ...shown.parts.draw(data, shown).flat().filter((each) => each != null));
    restoreFocus?.();
    asOf.textContent = `as of ${clock(Date.now())}`;
    say("");
  } catch (failure) {
    if (shown === view && turn === drawn) say(`Not up to date: ${failure.message}`);
  }
}

/** Read out once, not at every look. */
function say(text) {
  if (notice.textContent !== text) notice.textContent = text;
}

function open() {
  view = viewAt(location.hash);
  const title = view.parts.title(view);
  document.title = visible(`${title} – Tidemark`);
  for (const each of document.querySelectorAll("#views a")) {
    if (each.getAttribute("href") === `#/${Object.hasOwn(VIEWS, view.path[0]) ? view.path[0] : "cluster"}`) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  content.replaceChildren(element("h1", {}, title), element("p", { class: "hint" }, "Loading …"));
  refresh(true);
}

function isPaused() {
  return pause.getAttribute("aria-pressed") === "true";
}

pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(!isPaused())));
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the view
  content.focus();
});
addEventListener("hashchange", () => {
  open();
  content.focus();
  scrollTo(0, 0);
});
setInterval(() => {
  if (!isPaused() && !document.hidden) refresh(false);
}, INTERVAL_MS);
open();
