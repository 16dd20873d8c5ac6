// A person at the page: taps, drags and types only on what can be seen, and keeps a diary of it with screenshots.
import { mkdirSync, writeFileSync } from "node:fs";

// How long a person takes, in seconds, by the Keystroke-Level Model (Card, Moran and Newell, 1980): to decide, to point, to press, and to type one character.
// Typing with thumbs is slower than the model's typists, so half a second is taken.
const DECIDE = 1.35, POINT = 1.1, PRESS = 0.2, TYPE = 0.5;

const cost = ({ taps, drags, characters }) => taps * (DECIDE + POINT + PRESS) + drags * (DECIDE + 2 * POINT + 2 * PRESS) + characters * TYPE;

// `folder` gets `01-….png` and the diary, `steps.json`.
export async function personAt(page, folder) {
  mkdirSync(folder, { recursive: true });
  const touch = await page.context().newCDPSession(page);
  const finger = (type, ...points) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  const steps = [];
  let now = { taps: 0, drags: 0, characters: 0 };

  // A person can only press what is on the screen, and scrolls to it if it is below.
  async function tap(target) {
    await target.scrollIntoViewIfNeeded();
    now.taps++;
    await target.tap();
  }

  async function drag(from, to) {
    now.drags++;
    await finger("touchStart", from);
    for (let i = 1; i <= 6; i++) await finger("touchMove", { x: from.x + (to.x - from.x) * i / 6, y: from.y + (to.y - from.y) * i / 6 });
    // A finger that stops before it is lifted throws nothing; after a throw the browser takes the next tap for a stop.
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 100)));
    await finger("touchMove", to);
    await finger("touchEnd");
  }

  async function type(text) {
    now.characters += text.length;
    await page.keyboard.type(text);
  }

  // Does one step and keeps a picture of what the person sees then.
  async function step(what, action) {
    now = { taps: 0, drags: 0, characters: 0 };
    const begin = performance.now();
    const number = String(steps.length + 1).padStart(2, "0");
    let measured;
    try {
      await action();
      measured = (performance.now() - begin) / 1000;
    } finally {
      // A step that does not go on shows why. What moves is let come to rest, as a person's eye does.
      await page.evaluate(() => Promise.all(document.getAnimations().map(each => each.finished.catch(() => {}))));
      await page.screenshot({ path: `${folder}/${number}-${what.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.png` });
    }
    steps.push({ number, what, ...now, estimated_s: Number(cost(now).toFixed(1)), measured_s: Number(measured.toFixed(1)) });
  }

  // Keeps the diary and returns its sums.
  function close() {
    const sum = key => Number(steps.reduce((total, each) => total + each[key], 0).toFixed(1));
    const total = { taps: sum("taps"), drags: sum("drags"), characters: sum("characters"), estimated_s: sum("estimated_s"), measured_s: sum("measured_s") };
    writeFileSync(`${folder}/steps.json`, JSON.stringify({ steps, total }, null, 2));
    return total;
  }

  return { tap, drag, type, step, close };
}
