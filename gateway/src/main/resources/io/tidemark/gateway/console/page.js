/**
 * Makes elements. Text goes in as text nodes and attributes as attributes, never as markup, so a name
 * that somebody gave a topic or a group stays a name, and one that would turn its neighbours around
 * is seen to.
 */

import { visible } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.flat().filter((child) => child != null).map((child) => (typeof child === "string" ? visible(child) : child)));
  return made;
}

export const element = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

export const shape = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

export const link = (text, ...path) => element("a", { href: hash(...path) }, text);

/** The address of a view: what names things is escaped. */
export const hash = (...path) => `#/${path.map((part) => encodeURIComponent(part)).join("/")}`;

/** Terms and their values, as tiles. */
export const figures = (pairs) =>
  element("dl", { class: "figures" }, Object.entries(pairs).map(([term, value]) =>
    element("div", {}, element("dt", {}, term), element("dd", {}, value))));

/**
 * A table.
 *
 * @param columns {title, cell(row), number?, head?}: what stands in each; `head` marks the row's name
 */
export function table(caption, columns, rows, nothing = "None.") {
  if (rows.length === 0) return element("p", { class: "hint" }, `${caption}: ${nothing.toLowerCase()}`);
  return element("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: 0 },
    element("table", {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, columns.map((column) =>
        element("th", { scope: "col", class: column.number ? "number" : null }, column.title)))),
      element("tbody", {}, rows.map((row) =>
        element("tr", {}, columns.map((column) =>
          element(column.head ? "th" : "td",
            { scope: column.head ? "row" : null, class: column.number ? "number" : null },
            column.cell(row))))))));
}

/** The way to other pages of a list; nothing where there is one page. */
export function pager(list, turn) {
  const pages = Math.max(1, Math.ceil(list.total / list.size));
  if (pages === 1) return null;
  const to = (title, page) =>
    element("button", { type: "button", id: `page-${title}`, disabled: page < 0 || page >= pages, click: () => turn(page) }, title);
  return element("nav", { class: "pager", "aria-label": "Pages" },
    to("Previous", list.page - 1),
    element("span", {}, `Page ${list.page + 1} of ${pages}`),
    to("Next", list.page + 1));
}

/** Says whose share is missing. */
export const missing = (nodes) => nodes.length === 0 ? null
  : element("p", { class: "bad" }, `Without node${nodes.length > 1 ? "s" : ""} ${nodes.join(", ")}, which did not answer.`);

/** A field that narrows a list; acts when it is left or Enter is pressed. */
export const filter = (label, value, changed) =>
  element("label", {}, label,
    element("input", { type: "search", id: "filter", value, change: (event) => changed(event.target.value) }));
