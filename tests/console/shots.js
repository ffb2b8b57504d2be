/** The README's pictures, of the cluster that Demo.java fills. See `run`. */

import { chromium } from "playwright-core";

const { CHROMIUM, NODES, SHOTS } = process.env;
const [first] = NODES.split(",");

/** Long enough for a few points of the lines, and for some local copies to have gone. */
const LOOK_MS = 40_000;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });

async function take(scheme, name, view, height) {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 1280, height } });
  const page = await context.newPage();
  await page.goto(`${first}/#/${view}`);
  await page.waitForSelector("main h1 + *:not(.hint)");
  await page.waitForTimeout(LOOK_MS);
  await page.screenshot({ path: `${SHOTS}/${name}-${scheme}.png` });
  await context.close();
  console.log(`ok       ${name}-${scheme}.png`);
}

const pictures = [["cluster", "cluster", 790], ["topics", "topics", 560], ["log", "topics/orders/1", 560]];
await Promise.all(["light", "dark"].flatMap((scheme) => pictures.map((picture) => take(scheme, ...picture))));
await browser.close();
