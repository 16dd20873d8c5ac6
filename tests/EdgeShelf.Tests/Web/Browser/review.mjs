// Checks the part Review of the page, with a real queue behind it.
//   node review.mjs CHECK URL ARTIFACTS
// Nine questions wait, of which three are of the places 1-01 and 1-02, and Chromium answers them with real clicks, drags, keys and touches.
import { go, look, must, open, PHONE, run, until, url, waitForText } from "./browser.mjs";

const cards = page => page.locator(".review-card");
const pick = (page, at) => cards(page).nth(at).locator(".review-pick");
const checked = page => page.locator('.review-pick[aria-checked="true"]').count();
const review = async page => (await page.request.get(`${url}api/review`)).json();
const examples = async page => (await (await page.request.get(`${url}api/examples`)).json()).examples;

async function queue(options = {}) {
  const page = await open(options);
  await waitForText(page.locator("#review-count"), "9");
  await go(page, "review");
  await cards(page).nth(8).waitFor();
  return page;
}

// Selects as a person with a mouse does: down, over the cards in small steps, up.
async function drag(page, from, to) {
  await page.locator("#review-queue").evaluate(each => each.scrollIntoView({ block: "start" }));
  const [a, b] = [await pick(page, from).boundingBox(), await pick(page, to).boundingBox()];
  await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 12 });
}

// A finger that rests and then slides, as Chromium itself takes it from a screen.
async function touch(page) {
  const client = await page.context().newCDPSession(page);
  const send = (type, points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  const middle = async at => {
    const box = await pick(page, at).boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  return {
    press: async at => send("touchStart", [await middle(at)]),
    slide: async at => send("touchMove", [await middle(at)]),
    moveBy: async (at, dy) => { const point = await middle(at); await send("touchMove", [{ x: point.x, y: point.y + dy }]); },
    lift: () => send("touchEnd", []),
  };
}

const checks = {
  async answers() {
    const page = await queue();
    await waitForText(page.locator("#review-waiting"), "9 pictures, newest first");
    const first = (await cards(page).nth(0).textContent()).replace(/\s+/g, " ");
    must(first.includes("changed") && first.includes("Green tea") && first.includes("81 %") && first.includes("Plum jam belongs there") && first.includes("Shelf 1, place 2"), `The first card says ${first}`);
    const unknown = (await cards(page).nth(2).textContent()).replace(/\s+/g, " ");
    must(unknown.includes("not known") && unknown.includes("Like nothing known") && unknown.includes("It is Plum jam"), `A card of something unknown says ${unknown}`);
    must(await cards(page).nth(2).getByRole("button", { name: /^Yes/ }).count() === 0, "What the device does not know can be confirmed.");
    await waitForText(page.locator("#review-right"), "67 %");
    await waitForText(page.locator("#review-answered"), "2 of 3 answers this week");
    await look(page, "review-queue-desktop");
    const dark = await queue({ colorScheme: "dark" });
    await look(dark, "review-queue-dark");
    await dark.context().close();

    // Confirm: it becomes an example and leaves, and the focus is on the next one.
    await cards(page).nth(0).getByRole("button", { name: "Yes, Green tea" }).click();
    await waitForText(page.locator("#notices"), "1 picture answered, 1 learned.");
    await until(async () => await cards(page).count() === 8, "The card does not leave.");
    await waitForText(page.locator("#review-count"), "8");
    must((await examples(page)).map(example => `${example.slot} ${example.label}`).join() === "1-02 tea", "It did not become an example.");
    must(await pick(page, 0).evaluate(each => each === document.activeElement), "The focus is lost.");
    await page.locator("#notices").getByText("Undo").click();
    await until(async () => await cards(page).count() === 9 && (await examples(page)).length === 0, "It is not taken back.");
    await waitForText(page.locator("#notices"), "Taken back");

    // Correct: with a product that nobody knew.
    await cards(page).nth(0).getByRole("button", { name: "Something else" }).click();
    await waitForText(page.locator("#choose-title"), "What is it? Shelf 1, place 2");
    await page.locator("#choose-search").fill("Crème <b>brûlée</b>");
    await page.locator("#choose-list button").filter({ hasText: "New product" }).click();
    await page.locator("#new-make").click();
    await until(async () => (await examples(page))[0]?.label === "creme-b-brulee-b", "The new product is not taught.");
    const products = (await (await page.request.get(`${url}api/examples`)).json()).products;
    must(products[0].name === "Crème <b>brûlée</b>", `The new product is called ${products[0].name}`);

    // Not a product: nothing is learned.
    await until(async () => await cards(page).count() === 8, "The corrected card does not leave.");
    await cards(page).nth(0).getByRole("button", { name: "Not a product" }).click();
    await waitForText(page.locator("#notices"), "1 picture answered.");
    must((await examples(page)).length === 1, "Something was learned of what is no product.");
    await waitForText(page.locator("#review-answered"), "of 5 answers this week");

    // The filters, and a device that refuses.
    await page.locator("#review-slot").selectOption({ label: "Shelf 2, place 1 (2)" });
    await until(async () => await cards(page).count() === 2, "The filter by place does not hold.");
    await page.locator("#review-reason").selectOption("changed");
    await until(async () => await cards(page).count() === 1, "The filter by reason does not hold.");
    await waitForText(page.locator("#review-waiting"), "1 of 7 pictures");
    await page.route("**/api/review", route => route.request().method() === "POST"
      ? route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "The disk is full.", hint: "Make room.", code: "review-not-kept" }) }) : route.fallback());
    await cards(page).nth(0).getByRole("button", { name: "Not a product" }).click();
    await waitForText(page.locator("#notices"), "The disk is full. Make room.");
    must(await cards(page).count() === 1, "A refused answer takes the card away.");

    // A doubt of the device is asked, and what the person says is sent along.
    await page.unroute("**/api/review");
    const doubts = [
      { detail: "Tea has an example that shows the same.", hint: "Nothing was taught.", code: "conflict", not_added: [{ slot: "1-02", code: "other-label", reason: "", example: 1, label: "oolong-tea" }] },
      { detail: "This would make the device worse.", hint: "", code: "makes-worse", effect: { changes: [{ slot: "2-02", from: "match", to: "empty", seen_before: "tea", seen_after: "empty" }], worse: ["Slot 2-02 matches now and would not any more."] } },
    ];
    const sent = [];
    await page.route("**/api/review", route => {
      if (route.request().method() !== "POST") return route.fallback();
      sent.push(route.request().postDataJSON());
      const doubt = doubts.shift();
      return doubt ? route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify(doubt) }) : route.continue();
    });
    await cards(page).nth(0).getByRole("button", { name: /^Yes,/ }).click();
    await waitForText(page.locator("#ask-text"), "Oolong tea has an example that shows the same.");
    await page.locator("#ask-buttons button").first().click();
    await waitForText(page.locator("#ask-text"), "Shelf 2, place 2: from in place to empty");
    await look2(page, "review-doubt-desktop");
    await page.locator("#ask-buttons button").filter({ hasText: "Learn it all the same" }).click();
    await waitForText(page.locator("#notices"), "1 picture answered, 1 learned or renamed.");
    must(sent.length === 3 && !sent[0].move && sent[1].move && !sent[1].confirm && sent[2].move && sent[2].confirm, `It sent ${JSON.stringify(sent)}`);
  },

  async selects() {
    const page = await queue();
    await pick(page, 1).click();
    await pick(page, 4).click({ modifiers: ["Shift"] });
    must(await checked(page) === 4, `Shift selects ${await checked(page)} instead of 4.`);
    await waitForText(page.locator("#review-selected"), "4 pictures selected");
    await pick(page, 2).click();
    must(await checked(page) === 3, "A click does not take one off.");
    await page.locator("#selected-none").click();
    must(await checked(page) === 0 && !await page.locator("#review-selecting").isVisible(), "Cancel does not clear the selection.");

    await drag(page, 0, 3);
    must(await checked(page) === 4, `Dragging selects ${await checked(page)} instead of 4.`);
    const back = await pick(page, 1).boundingBox();
    await page.mouse.move(back.x + back.width / 2, back.y + back.height / 2, { steps: 6 });
    must(await checked(page) === 2, "Going back does not take off what was passed.");
    await page.mouse.up();
    must(await checked(page) === 2, "The end of a drag counts as a click.");
    await pick(page, 5).click();
    must(await checked(page) === 3, "After a drag a click does nothing.");
    await look(page, "review-selecting-desktop");

    await pick(page, 0).focus();
    await page.keyboard.press("Escape");
    must(await checked(page) === 0, "Escape does not clear the selection.");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    must(await checked(page) === 3, `Shift and arrows select ${await checked(page)} instead of 3.`);
    await page.keyboard.press("ArrowRight");
    must(await checked(page) === 3 && await pick(page, 3).evaluate(each => each === document.activeElement), "An arrow alone does not only move.");
    await page.keyboard.press("Control+a");
    must(await checked(page) === 9, "Ctrl+A does not select all.");
    must(await page.locator('.review-pick[tabindex="0"]').count() === 1, "Tab stops at more than one picture.");
    await page.keyboard.press("Escape");
    await page.locator("#review-all").click();
    must(await checked(page) === 9, "Select all does not.");
    await page.locator("#selected-none").click();

    // Many at once are one lesson, and one undo takes it back.
    await page.locator("#review-reason").selectOption("unknown-product");
    await until(async () => await cards(page).count() === 3, "The filter does not hold.");
    await page.locator("#review-all").click();
    await waitForText(page.locator("#selected-expected"), "They are what belongs there");
    await page.locator("#selected-expected").click();
    await waitForText(page.locator("#notices"), "3 pictures answered, 3 learned.");
    const taught = (await examples(page)).map(example => `${example.slot} ${example.label}`).sort().join();
    must(taught === "1-01 tea,1-02 jam,2-01 jam", `It learned ${taught}`);
    await page.locator("#notices").getByText("Undo").click();
    await until(async () => (await examples(page)).length === 0 && (await review(page)).waiting === 9, "One undo does not take all back.");
  },

  async phone() {
    const page = await queue(PHONE);
    await look(page, "review-queue-phone");
    const finger = await touch(page);
    await page.locator("#review-queue").evaluate(each => each.scrollIntoView({ block: "start" }));
    await finger.press(0);
    await until(async () => await checked(page) === 1, "A long press does not select.");
    await finger.slide(1);
    await until(async () => await checked(page) === 2, "Sliding on does not select the next.");
    await finger.lift();
    await waitForText(page.locator("#review-selected"), "2 pictures selected");
    await look(page, "review-selecting-phone");
    await pick(page, 1).tap();
    await until(async () => await checked(page) === 1, "A tap does not take one off.");

    // A finger that moves at once scrolls, and selects nothing.
    await page.locator("#selected-none").tap();
    const before = await page.evaluate(() => scrollY);
    await finger.press(1);
    for (let step = 1; step <= 8; step++) await finger.moveBy(1, -30);
    await finger.lift();
    must(await checked(page) === 0, "Scrolling selects.");
    must(await page.evaluate(() => scrollY) >= before, "The page does not scroll.");

    await page.evaluate(() => scrollTo(0, 0));
    await cards(page).nth(0).getByRole("button", { name: "Not a product" }).tap();
    await waitForText(page.locator("#notices"), "1 picture answered.");
    const dark = await queue2({ ...PHONE, viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    await look(dark, "review-queue-phone-dark");
  },

  // Somebody else answers on another page, and this one follows.
  async live() {
    const page = await queue();
    const { entries } = await review(page);
    await page.locator("#review-all").click();
    const ids = entries.slice(0, 3).map(entry => entry.id);
    await page.request.post(`${url}api/review`, { data: { ids, answer: "skip" } });
    await until(async () => await cards(page).count() === 6, "What others answered stays.");
    await waitForText(page.locator("#review-count"), "6");
    await waitForText(page.locator("#review-selected"), "6 pictures selected");
    await page.request.post(`${url}api/review`, { data: { ids: entries.slice(3).map(entry => entry.id), answer: "skip" } });
    await waitForText(page.locator("#review-none"), "Nothing to review");
    must(!await page.locator("#review-count").isVisible() && !await page.locator("#review-selecting").isVisible(), "A badge or a bar is left.");
    await look(page, "review-empty-desktop");

    // The content policy, which the other checks set aside for axe.
    const strict = await open({ bypassCSP: false });
    await go(strict, "review");
    await waitForText(strict.locator("#review-none"), "Nothing to review");
    must(strict.complaints.length === 0, `Under the content policy: ${strict.complaints.join("; ")}`);
  },

  async hostile() {
    const page = await open(PHONE);
    await go(page, "review");
    await waitForText(cards(page).first(), "梨");
    must(await page.locator(".review-card :is(b, script, img[src='x'])").count() === 0, "A name became HTML.");
    const text = await cards(page).first().textContent();
    must(text.includes("<img src=x onerror=alert(1)>") && text.includes("alert(1)"), `The card says ${text}`);
    await look(page, "review-hostile-phone");
    await cards(page).first().getByRole("button", { name: /^Yes,/ }).tap();
    await waitForText(page.locator("#review-none"), "Nothing to review");
  },

  async nothing() {
    const page = await open();
    await go(page, "review");
    await waitForText(page.locator("#review-none"), "Nothing to review");
    must(!await page.locator("#review-tools").isVisible() && !await page.locator("#review-figures").isVisible(), "Without a question there are tools or figures.");
    await look(page, "review-nothing-desktop");
    const phone = await open(PHONE);
    await go(phone, "review");
    await waitForText(phone.locator("#review-none"), "Nothing to review");
    await look(phone, "review-nothing-phone");
  },
};

// Refusals are in the console too, and they were meant.
async function look2(page, name) {
  page.complaints = page.complaints.filter(complaint => !/409|503/.test(complaint));
  await look(page, name);
}

async function queue2(options) {
  const page = await open(options);
  await go(page, "review");
  await cards(page).first().waitFor();
  return page;
}

await run(checks);
