// A person with a phone at a device that asks for a code.
//   node phone.mjs pair URL ARTIFACTS FILE
// FILE has the code. The diary with its screenshots goes to ARTIFACTS/phone. Prints the person's part in seconds.
import { readFileSync } from "node:fs";
import { artifacts, file, look, must, open, PHONE, run } from "./browser.mjs";
import { personAt } from "./person.mjs";

// An emulated board needs longer than a real one for a page and its pictures.
const SLOW = 90_000;

const checks = {
  async pair() {
    const page = await open({ ...PHONE, before: page => page.setDefaultTimeout(SLOW) });
    const { tap, type, step, close } = await personAt(page, `${artifacts}/phone`);

    await step("The device asks for a code", () => page.locator("#code").waitFor());
    await step("Type it", () => type(readFileSync(file, "utf8").trim().replaceAll(" ", "")));
    await step("Open the page", async () => {
      await tap(page.locator("button.primary"));
      await page.locator("#picture img:not([hidden])").waitFor();
    });
    const source = await page.locator("#frame").getAttribute("src");
    await step("The picture is live: the next one comes by itself", () =>
      page.waitForFunction(before => {
        const frame = document.querySelector("#frame");
        return frame.getAttribute("src") !== before && frame.complete && frame.naturalWidth > 0;
      }, source));
    must(await page.locator("#top .guess-name").count() > 0, "The picture has no answer.");
    await look(page, "phone/paired");
    console.log(close().estimated_s);
  },
};

await run(checks);
