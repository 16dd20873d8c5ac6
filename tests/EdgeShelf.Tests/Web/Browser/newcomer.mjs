// A person with a phone at a fresh device, who was never told how it works.
//   node newcomer.mjs CHECK URL ARTIFACTS FILM CAMERA
// FILM is the folder of a film with bottles, CAMERA the folder that the device's camera replays.
import { artifacts, file, must, open, PHONE, run, second, until, waitForText } from "./browser.mjs";
import { filmOf } from "./film.mjs";
import { personAt } from "./person.mjs";

const MOST_SECONDS = 120;
const film = filmOf(file, second);

// The three bottles, as fractions of the picture.
const BOTTLES = [[0.06, 0.28, 0.22, 0.90], [0.41, 0.28, 0.57, 0.90], [0.76, 0.28, 0.92, 0.90]];

const verdict = (page, slot, wanted) => page.locator(`.place[data-key="${slot}"][data-verdict="${wanted}"]`).waitFor({ timeout: 120_000 });

const checks = {
  async bottles() {
    const page = await open(PHONE);
    const { tap, drag, type, step, close } = await personAt(page, `${artifacts}/newcomer`);
    const button = name => page.getByRole("button", { name }).filter({ visible: true }).first();

    await film.play(page, "0000", "0000", "0170");
    await step("The first page of a fresh device", () => button("Draw the places").waitFor());
    await step("Draw the places", async () => {
      await tap(button("Draw the places"));
      await page.waitForFunction(() => document.querySelector("#editor-frame").complete && document.querySelector("#editor-stage").clientHeight > 100);
    });
    for (const [at, [left, top, right, bottom]] of BOTTLES.entries()) {
      await step(`Draw bottle ${at + 1}`, async () => {
        const { x, y, width, height } = await page.locator("#editor-stage").boundingBox();
        await drag({ x: x + left * width, y: y + top * height }, { x: x + right * width, y: y + bottom * height });
        await page.locator(".box").nth(at).waitFor();
      });
    }
    await step("Ask for a product", async () => {
      await tap(button("Choose a product"));
      await page.locator("#choose-list button").first().waitFor();
    });
    await step("Name it", async () => {
      await type("Bottle");
      await button("New product").waitFor();
    });
    await step("It is a new product", () => tap(button("New product")));
    await step("Use it", () => tap(button("Use this product")));
    await step("The same in the other places", () => tap(button("other places")));
    await step("Save", async () => {
      await tap(button("Save"));
      await waitForText(page.locator("#notices"), "saved");
      await button("Everything is in its place").waitFor();
    });
    await step("Everything is in its place", async () => {
      await tap(button("Everything is in its place"));
      await waitForText(page.locator("#ask-title"), "Is everything in its place?");
    });
    await step("Yes, learn this", async () => {
      await tap(button("Yes, learn this"));
      await waitForText(page.locator("#notices"), "Learned");
    });
    await step("The device knows the bottles", async () => {
      for (const slot of ["1-01", "1-02", "1-03"]) await verdict(page, slot, "match");
    });

    await film.play(page, "0180", "0220", "0330");
    await step("Somebody took a bottle", () => page.locator('.place[data-key="1-01"]:is([data-verdict="unknown"], [data-verdict="mismatch"], [data-verdict="empty"])').waitFor({ timeout: 120_000 }));
    await step("What is there", () => tap(page.locator('#todo-list button').first()));
    await step("It is empty", async () => {
      await tap(button("It is empty"));
      await waitForText(page.locator("#slot-note"), "Learned");
    });
    await step("The device knows an empty place", async () => {
      await tap(button("Done"));
      await verdict(page, "1-01", "empty");
    });

    await film.play(page, "0340", "0540", "0650");
    await step("What the film changes is seen", async () => {
      for (const [slot, wanted] of [["1-01", "empty"], ["1-02", "empty"], ["1-03", "match"]]) await verdict(page, slot, wanted);
    });

    const total = close();
    must(page.complaints.length === 0, page.complaints.join("; "));
    must(total.estimated_s <= MOST_SECONDS && total.measured_s <= 3 * MOST_SECONDS, `A person needs ${total.estimated_s} s of clicks.`);
  },
};

await run(checks);
