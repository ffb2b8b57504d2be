/** The console in Chromium. See `run`, which starts the nodes and gives what is in the environment. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const { CHROMIUM, NODES, VICTIM, JAVA, LIB, FILL, BOOTSTRAP } = process.env;
const [first, , third] = NODES.split(",");
const HOSTILE = "<img src=x onerror=\"document.title='owned'\">&amp;'\u202e";
const SHOWN = HOSTILE.replace("\u202e", "\\u{202e}");
const VIEWS = ["cluster", "topics", "topics/orders", "topics/orders/0", "groups", "groups/billing", "uploads", "store", "events"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
let passed = 0;
let failed = 0;

async function test(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok       ${name}`);
  } catch (failure) {
    failed++;
    console.log(`FAILED   ${name}\n${failure.stack}`);
  }
}

/** A page whose every error, warning of the content policy and dialog is a failure. */
async function open(view, { scheme = "light", node = first, bypassCSP = false } = {}) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1280, height: 800 }, bypassCSP });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("dialog", (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`${node}/#/${view}`);
  await page.waitForSelector("main h1 + *:not(.hint)");
  return { page, problems, close: () => context.close() };
}

const focusedText = (page) => page.evaluate(() => document.activeElement.textContent || document.activeElement.id || document.activeElement.tagName);

for (const scheme of ["light", "dark"]) {
  await test(`every view keeps axe's rules, ${scheme}`, async () => {
    const { page, problems, close } = await open("cluster", { scheme, bypassCSP: true });
    for (const view of VIEWS) {
      await page.goto(`${first}/#/${view}`);
      await page.waitForFunction((text) => location.hash === `#/${text}` && !document.querySelector("main").textContent.includes("Loading"), view);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), RULES);
      assert.deepEqual(violations.map((each) => `${view}: ${each.id}: ${each.nodes[0].html}`), []);
    }
    assert.deepEqual(problems, []);
    await close();
  });
}

await test("the schemes differ, and the page follows the system's", async () => {
  const grounds = [];
  for (const scheme of ["light", "dark"]) {
    const { page, close } = await open("cluster", { scheme });
    grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0)));
    await close();
  }
  assert.ok(grounds[0] > 600 && grounds[1] < 200, `grounds ${grounds}`);
});

await test("everything is reached by keyboard alone", async () => {
  const { page, problems, close } = await open("cluster");
  await page.keyboard.press("Tab");
  assert.equal(await focusedText(page), "Skip to content");
  assert.ok(await page.locator(".skip").evaluate((skip) => skip.getBoundingClientRect().left >= 0), "the skip link shows when it has the focus");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  await page.locator("#skip").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await focusedText(page), "Topics");
  await page.keyboard.press("Enter");
  await page.waitForSelector("h1:text-is('Topics')");
  assert.equal(await page.locator("nav [aria-current=page]").textContent(), "Topics");
  await page.waitForSelector("#filter"); // while the page loads there is nothing yet to go to
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter");
  await page.keyboard.type("order");
  await page.keyboard.press("Enter");
  await page.waitForSelector("caption:text-is('1 topic')");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter", "the focus stays where one types");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await focusedText(page), "orders");
  await page.keyboard.press("Enter");
  await page.waitForSelector("h1:text-is('Topic orders')");
  assert.deepEqual(problems, []);
  await close();
});

await test("a thousand topics come in pages, and the pager keeps the focus", async () => {
  const { page, close } = await open("topics");
  await page.fill("#filter", "SENSOR-");
  await page.keyboard.press("Enter");
  await page.waitForSelector("caption:text-is('1,000 topics')");
  assert.equal(await page.locator("tbody tr").count(), 50);
  assert.ok(await page.evaluate(() => document.querySelectorAll("*").length) < 1500);
  await page.focus("#page-Next");
  for (let turn = 2; turn <= 20; turn++) {
    await page.keyboard.press("Enter");
    await page.waitForSelector(`text=Page ${turn} of 20`);
  }
  await page.waitForSelector("text=sensor-0999");
  assert.ok(await page.locator("#page-Next").isDisabled());
  await close();
});

await test("names that are markup stay names", async () => {
  const { page, problems, close } = await open("groups");
  await page.waitForSelector("caption");
  assert.ok((await page.locator("tbody th").allTextContents()).includes(SHOWN));
  await page.locator("tbody th a", { hasText: "onerror" }).click();
  await page.waitForSelector("h1:has-text('onerror')");
  assert.equal(await page.locator("h1").textContent(), `Group ${SHOWN}`);
  await page.goto(`${first}/#/topics/orders/0`);
  await page.waitForSelector("svg text:has-text('onerror')");
  for (const name of ["__proto__", "constructor"]) {
    await page.goto(`${first}/#/topics/${name}`);
    await page.waitForSelector(`h1:text-is('Topic ${name}')`);
    await page.waitForSelector("svg polyline", { state: "attached" });
  }
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.doesNotMatch(await page.title(), /owned/);
  assert.deepEqual(problems, []);
  await close();
});

await test("a partition's log is drawn with both tiers and its readers", async () => {
  const { page, close } = await open("topics/orders/0");
  await page.waitForFunction(() => document.querySelectorAll("svg rect.cold").length >= 2 && document.querySelectorAll("svg rect.active").length === 1, null, { timeout: 90_000 });
  const marks = await page.locator("svg text").allTextContents();
  for (const mark of ["log start", "tiered", "high watermark", "billing at", "search-index at"]) {
    assert.ok(marks.some((each) => each.startsWith(mark)), `${mark} in ${marks}`);
  }
  await close();
});

await test("figures move without a reload, and rest while paused", async () => {
  const { page, close } = await open("topics/orders/0");
  const mark = () => page.locator("dt:text-is('High watermark') + dd").textContent();
  const before = await mark();
  await promisify(execFile)(JAVA, ["--class-path", LIB, FILL, BOOTSTRAP, "more"]);
  await page.waitForFunction((old) => [...document.querySelectorAll("dt")].find((each) => each.textContent === "High watermark").nextSibling.textContent !== old, before);
  await page.click("#pause");
  assert.equal(await page.getAttribute("#pause", "aria-pressed"), "true");
  await close();
});

await test("any node tells of the whole cluster", async () => {
  const told = await Promise.all(NODES.split(",").map(async (node) => (await (await fetch(`${node}/v1/topic?topic=orders`)).json())));
  assert.ok(told[0].hotBytes + told[0].coldBytes > 0);
  for (const each of told) assert.deepEqual(each.list.map((p) => p.leader), told[0].list.map((p) => p.leader));
  const groups = await Promise.all(NODES.split(",").map(async (node) => (await (await fetch(`${node}/v1/groups`)).json()).groups.map((group) => [group.group, group.lag, group.unknownPartitions])));
  assert.deepEqual(groups[1], groups[0]);
  assert.deepEqual(groups[2], groups[0]);
  assert.ok(groups[0].some(([name, lag]) => name === "billing" && lag > 0));
  for (const partition of [0, 1, 2]) {
    const logs = await Promise.all(NODES.split(",").map(async (node) => (await (await fetch(`${node}/v1/partition?topic=orders&partition=${partition}`)).json())));
    for (const log of logs) assert.equal(log.offsets.highWatermark, logs[0].offsets.highWatermark);
    assert.equal(logs.filter((log) => log.offsets.logEnd !== null).length, 1, "the log end only the leader knows");
  }
});

await test("a node that is away is shown, and what that did", async () => {
  const { page, close } = await open("cluster", { node: third });
  process.kill(Number(VICTIM), "SIGKILL");
  await page.waitForSelector(".node.fenced h4:text-is('Node 2')", { timeout: 90_000 });
  await page.waitForSelector("text=Without node 2, which did not answer.", { timeout: 90_000 });
  await page.goto(`${third}/#/events`);
  await page.waitForSelector("text=Node 2 was fenced", { timeout: 90_000 });
  await page.waitForSelector("td:text-is('leader')");
  await close();
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
