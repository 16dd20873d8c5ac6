// Checks the page in a real browser, as somebody in front of it would.
//   node page.mjs CHECK URL ARTIFACTS [FILE]
// CHECK is one of the functions below; FILE a picture to try, or the token's. Screenshots go to ARTIFACTS. Ends with 1 and says what was wrong.
import { readFileSync } from "node:fs";
import { file, go, look, must, open, PHONE, run, second, url, waitForText } from "./browser.mjs";

const best = (page, list) => page.locator(`${list} .guess-name`).first();

async function tabTo(page, id) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement?.id) === id) return;
  }
  throw new Error(`The Tab key does not lead to #${id}.`);
}

const checks = {
  // A red apple was taken before; the camera's next picture is a green pear, and FILE a blue plum.
  async live() {
    const page = await open();
    await waitForText(best(page, "#top"), "Red Apple");
    await waitForText(page.locator("#verdict"), "Recognized");
    await page.locator("#age").filter({ hasText: "ago" }).waitFor();
    await tabTo(page, "capture");
    await page.keyboard.press("Enter");
    await waitForText(best(page, "#top"), "Green Pear");
    await go(page, "review");
    await waitForText(page.locator("#history-count"), "2 pictures, newest first. 2 taken since the service started");

    await page.locator("#file").setInputFiles(file);
    await waitForText(best(page, "#tried"), "Blue Plum");

    await page.locator("#filter-label").selectOption({ label: "Red Apple" });
    await waitForText(page.locator("#history-count"), "1 of 2 match");
    await page.locator("#history button").first().click();
    await waitForText(page.locator("#detail-title"), "Red Apple");
    await look(page, "detail");
    await page.keyboard.press("Escape");
    must(!await page.locator("#detail").isVisible(), "Escape does not close the detail.");
    await page.locator("#filter-label").selectOption({ label: "All" });
    await look(page, "fine-review");
    await go(page, "device");
    await waitForText(page.locator("#facts"), "Running for");
    await look(page, "fine-device");
    await go(page, "shelf");
    await waitForText(page.locator("#invite"), "Draw the places");
    await look(page, "fine-desktop");

    // The other checks set the content policy aside for axe; with it the page must run all the same.
    const strict = await open({ bypassCSP: false });
    await waitForText(best(strict, "#top"), "Green Pear");
    must(strict.complaints.length === 0, `Under the content policy: ${strict.complaints.join("; ")}`);

    const dark = await open({ colorScheme: "dark" });
    await waitForText(best(dark, "#top"), "Green Pear");
    await look(dark, "fine-dark");
    const phone = await open(PHONE);
    await waitForText(best(phone, "#top"), "Green Pear");
    const [name, pill] = await Promise.all([phone.locator("h1").boundingBox(), phone.locator("#overall").boundingBox()]);
    must(name.width > 60 && name.x + name.width <= pill.x + 1, "The state covers the name.");
    await look(phone, "fine-phone");
  },

  // The only picture was too blank to say anything about.
  async review() {
    const page = await open();
    await waitForText(page.locator("#verdict"), "Picture cannot be used");
    await go(page, "review");
    await page.locator("#filter-review").check();
    await waitForText(page.locator("#history-count"), "1 picture, newest first");
    await waitForText(page.locator("#history .tag"), "bad picture");
    // The network has an answer for every picture. For one that says nothing it is shown nowhere.
    const products = ["Red Apple", "Green Pear", "Blue Plum"];
    const shown = async where => { const text = await page.locator("body").innerText(); must(!products.some(product => text.includes(product)), `A black picture is a product in ${where}: ${text}`); };
    await shown("the list");
    await page.locator("#history button").first().click();
    await waitForText(page.locator("#detail-title"), "Picture cannot be used");
    await shown("the detail");
    await page.keyboard.press("Escape");
    await page.locator("#file").setInputFiles(file);
    await waitForText(page.locator("#tried .tag"), "bad picture");
    await shown("an upload");
    await go(page, "shelf");
    await shown("the latest picture");
    must(!(await page.locator("#frame").getAttribute("alt")).includes("Apple"), "The picture's text names a product.");
    await go(page, "review");
    await look(page, "review-desktop");
  },

  // The camera has nothing to give, and the broker is away.
  async offline() {
    const page = await open();
    await waitForText(page.locator("#picture-note"), "Camera offline since");
    await waitForText(page.locator("#troubles"), "offline since");
    await page.locator("#capture").click();
    await page.locator("#capture-note[data-level=error]").waitFor();
    page.complaints = page.complaints.filter(complaint => !complaint.includes("503"));
    await look(page, "offline-desktop");
    const early = await open({ before: page => page.route("**/app.js", route => route.abort()) });
    must(await early.locator("#capture").isDisabled(), "The button can be pressed before anything listens to it.");
    const swedish = await open({ locale: "sv-SE" });
    await swedish.locator("#capture").click();
    await waitForText(swedish.locator("#capture-note"), "Kameran gav ingen bild");
    const phone = await open(PHONE);
    await waitForText(phone.locator("#picture-note"), "Camera offline since");
    await look(phone, "offline-phone");
  },

  // The device asks for the token that is in FILE; the camera's next picture is a red apple.
  async login() {
    const page = await open();
    must(!await page.locator("#wrong").isVisible(), "It calls a token wrong before there was one.");
    for (const attempt of ["first", "second"]) {
      await page.locator("#token").fill(`${attempt} guess`);
      await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
      await waitForText(page.locator("#wrong"), "The token is wrong");
      must(await page.locator("#token").evaluate(field => field === document.activeElement), "After a wrong token the cursor is not in its field.");
    }
    await look(page, "login-wrong");
    await page.locator("#token").fill(readFileSync(file, "utf8").trim());
    await page.keyboard.press("Enter");
    await page.locator("#capture").click();
    await waitForText(best(page, "#top"), "Red Apple");
    await look(page, "login-right");
  },

  // The device asks for the code that is in FILE.
  async pair() {
    const page = await open();
    must(await page.locator("#code").evaluate(field => field === document.activeElement), "The code is not the first field.");
    await page.locator("#code").fill("000 000");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    await waitForText(page.locator("#wrong-code"), "The code is wrong");
    must(await page.locator("#code").evaluate(field => field === document.activeElement), "After a wrong code the cursor is not in its field.");
    await look(page, "pair-wrong");
    await page.locator("#code").fill(readFileSync(file, "utf8").trim());
    await page.keyboard.press("Enter");
    await page.locator("#capture").waitFor();
    await look(page, "pair-right");
  },

  // The demo runs, and its film is shown.
  async demo() {
    const page = await open();
    await page.locator("#picture img:not([hidden])").waitFor();
    await page.locator('.place[data-verdict="match"]').first().waitFor();
    await look(page, "demo");
  },

  // FILE is a good picture, SECOND none. One bad file does not throw the answers of the others away, and eight pictures leave no hole in the page.
  async uploads() {
    const page = await open();
    await go(page, "review");
    await page.locator("#file").setInputFiles([file, second, file]);
    await waitForText(page.locator("#tried .note[data-level=error]"), "Not a JPEG or PNG");
    await waitForText(page.locator("#tried .note[data-level=error]"), second.split("/").at(-1));
    must(await page.locator("#tried .guess-name").count() === 6, "The two good pictures have no answers.");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("422"));
    await look(page, "uploads-one-bad");
    await page.locator("#file").setInputFiles(Array(9).fill(file));
    await waitForText(page.locator("#tried .guess-name").nth(24), "Blue Plum");
    const [first, next] = await Promise.all([0, 1].map(at => page.locator(".tried").nth(at).boundingBox()));
    must(Math.abs(first.y - next.y) < 2, "The answers stand in one column beside an empty one.");
    await look(page, "uploads-nine");
    const phone = await open(PHONE);
    await go(phone, "review");
    await phone.locator("#file").setInputFiles(Array(3).fill(file));
    await waitForText(phone.locator("#tried .guess-name").nth(6), "Blue Plum");
    await look(phone, "uploads-phone");
  },

  // FILE is no picture, whatever its name says.
  async refused() {
    const page = await open();
    await go(page, "review");
    await page.locator("#file").setInputFiles(file);
    await waitForText(page.locator("#tried"), "Not a JPEG or PNG");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("422"));
    await look(page, "refused-desktop");
  },
};

await run(checks);
