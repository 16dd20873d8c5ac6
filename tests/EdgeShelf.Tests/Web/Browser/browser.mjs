// A real browser in front of the page, for the checks beside this file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const LIMIT = 20_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
export const [check, url, artifacts, file, second] = process.argv.slice(2);

// What keeps a headless Chromium from looking for the outside world.
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    // A camera that films a pattern, for barcodes.
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
});

export function must(holds, what) {
  if (!holds) throw new Error(what);
}

// A page that must stay silent: no error in its console, no request to anywhere but the device.
// `before(page)` is called before the page is loaded.
export async function open({ before, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  page.complaints = [];
  page.on("console", message => { if (message.type() === "error") page.complaints.push(`${message.text()} ${message.location().url}`); });
  page.on("pageerror", error => page.complaints.push(error.message));
  page.on("request", request => { if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) page.complaints.push(`asks ${request.url()}`); });
  await before?.(page);
  await page.goto(url);
  return page;
}

// A screenshot, and what every page must be: silent, accessible, no wider than the window, and without small print.
export async function look(page, name) {
  await page.screenshot({ path: `${artifacts}/${name}.png` });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  const serious = violations.filter(violation => ["serious", "critical"].includes(violation.impact));
  must(serious.length === 0, `axe in ${name}: ${serious.map(violation => `${violation.id} (${violation.nodes[0].html})`).join("; ")}`);
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the window.`);
  const outside = await page.evaluate(() => [...document.querySelectorAll(".card-head button")]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > each.closest(".card-head").getBoundingClientRect().right + 1).map(each => each.outerHTML.slice(0, 80)));
  must(outside.length === 0, `${name} has a button that reaches out of the head of its card: ${outside.join("; ")}`);
  const small = await page.evaluate(() => [...document.querySelectorAll("body *")]
    .filter(each => each.checkVisibility() && [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()) && parseFloat(getComputedStyle(each).fontSize) < 12)
    .map(each => each.outerHTML.slice(0, 80)));
  must(small.length === 0, `${name} has text under 12 px: ${small.join("; ")}`);
  must(page.complaints.length === 0, `${name}: ${page.complaints.join("; ")}`);
}

export const waitForText = (locator, text) => locator.filter({ hasText: text }).waitFor();

// Waits until `holds()` is true. Pointers reach the page with its next picture, not at once.
export async function until(holds, what, limit = LIMIT) {
  for (const end = Date.now() + limit; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 20))) if (await holds()) return;
  throw new Error(what);
}

// Opens one of the four parts of the page.
export const go = (page, part) => page.locator(`#parts a[href="#${part}"]`).click();

// Runs the check of the command line. A failure is told on stderr and by the exit code.
export async function run(checks) {
  try {
    await checks[check]();
  } catch (problem) {
    console.error(problem.message);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
