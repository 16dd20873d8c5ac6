// Checks the products of a shelf: how well they are known, teaching with its questions, and barcodes.
//   node products.mjs CHECK URL ARTIFACTS FILE
// FILE is a JPEG, for the crops of places. The check `phones` is made on a real device with four places, 1-01 to 1-04.
import { file, go, look, must, open, PHONE, run, until, url, waitForText } from "./browser.mjs";
import { bayOf, figuresOf, openPlayed } from "./played.mjs";

const texts = locator => locator.evaluateAll(all => all.map(each => each.textContent));
const played = (bay = bayOf(), options = {}) => openPlayed(bay, { picture: file, options });
const asked = (device, what) => until(() => device.asked.includes(what), `The page does not ask ${what}, but ${device.asked.join("; ") || "nothing"}.`);
const place = (page, name) => page.locator(`.place[data-key="${name}"]`);

const PEARS = [1, 2, 3].map(id => ({ id, label: "pear", slot: `1-0${id}`, at: new Date(Date.now() - id * 3_600_000).toISOString() }));

// A product with everything that can be said of one.
const DOUBTFUL = figuresOf("pear", [1, 2, 3], figures => Object.assign(figures, {
  places: 3, judged: 3, right: 1, taken_for: [{ label: "cherry", times: 2 }, { label: null, times: 1 }], advice: ["In the device's words.", "More of the device's words."],
  advice_codes: [{ code: "not-recognized", missed: 2, judged: 3, looks_like: "cherry" }, { code: "said-by-a-later-device", missed: null, judged: null, looks_like: null }],
  suspects: [{ id: 2, looks_like: "cherry" }], duplicates: [{ older: 1, newer: 3 }], same_as: [{ label: "plum", code: "same-sku", reason: "In the device's words." }],
}));

// A browser that reads the barcodes of `numbers`, one at each look.
const readsBarcodes = (page, numbers) => page.addInitScript(numbers => {
  window.BarcodeDetector = class {
    static getSupportedFormats = async () => ["ean_13", "qr_code"];
    async detect(video) {
      if (!(video.srcObject instanceof MediaStream) || video.videoWidth === 0) throw new Error("There is no picture of the camera.");
      return [{ rawValue: numbers.length > 1 ? numbers.shift() : numbers[0] }];
    }
  };
}, numbers);

const checks = {
  // How well each product is known, and what is doubtful, in words.
  async known() {
    const [page, device] = await played();
    Object.assign(device, { examples: PEARS, figures: [DOUBTFUL] });
    await go(page, "products");
    await waitForText(page.locator("#products-count"), "2 products, 2 need more examples");
    const card = page.locator("#product-cards button").filter({ hasText: "Green pears" });
    await waitForText(card, "3 examples · 1 of 3 recognized");
    await waitForText(card, "Look for a wrong example");
    await waitForText(page.locator("#product-cards button").filter({ hasText: "Plum" }), "Not taught yet");
    await look(page, "products-desktop");
    await card.click();
    await waitForText(page.locator("#product-share"), "1 of 3 recognized");
    must((await texts(page.locator("#product-taken li"))).join("; ") === "2 times taken for Cherry; Once taken for nothing that is known", "With what it is confused is not said.");
    const [missed, unknown] = await texts(page.locator("#product-advice li"));
    must(missed.startsWith("2 of 3 examples are not recognized") && missed.endsWith("look like Cherry.") && unknown === "More of the device's words.", `The advice is ${missed} ${unknown}`);
    await waitForText(page.locator("#product-twins"), "Plum may be the same product. They have the same article number.");
    const examples = await texts(page.locator("#product-examples li"));
    must(examples.length === 3 && examples[0].includes("shows the same as another one") && examples[1].includes("looks like Cherry") && examples[2].startsWith("Shelf 1, place 1"), `The examples are ${examples.join(" | ")}`);
    await look(page, "product-desktop");
    const [phone, other] = await played(bayOf(), { ...PHONE, colorScheme: "dark" });
    Object.assign(other, { examples: PEARS, figures: [DOUBTFUL] });
    await go(phone, "products");
    await phone.locator("#product-cards button").filter({ hasText: "Green pears" }).tap();
    await waitForText(phone.locator("#product-share"), "1 of 3 recognized");
    await look(phone, "product-dark");
  },

  // Examples are deleted and moved, a product is renamed, merged and forgotten, and each can be taken back.
  async changed() {
    const [page, device] = await played();
    Object.assign(device, { examples: PEARS, figures: [DOUBTFUL] });
    await go(page, "products");
    await page.locator("#product-cards button").filter({ hasText: "Green pears" }).click();
    const example = number => page.locator("#product-examples button").filter({ hasText: `place ${number},` });
    const takeBack = async (...steps) => {
      device.asked.length = 0;
      await page.locator("#product-note button").click();
      await waitForText(page.locator("#product-note"), "Taken back");
      for (const step of steps) await asked(device, `POST /api/examples/undo {"step":${step}}`);
    };

    await example(2).click();
    await waitForText(page.locator("#examples-count"), "1 example chosen");
    await look(page, "product-chosen");
    await page.locator("#examples-delete").click();
    await asked(device, "DELETE /api/examples/2");
    await waitForText(page.locator("#product-note"), "1 example deleted");
    await takeBack(7);

    await example(2).click();
    await example(3).click();
    await page.locator("#examples-move").click();
    await page.locator("#choose-list button").filter({ hasText: "Cherry" }).click();
    await asked(device, 'POST /api/products/pear/split {"examples":[2,3],"label":"cherry"}');
    await waitForText(page.locator("#product-note"), "2 examples moved to Cherry");
    await takeBack(8);
    await example(1).click();
    await page.locator("#examples-move").click();
    await page.locator("#choose-search").fill("Conference pears");
    await page.getByText("New product: “Conference pears”").click();
    await page.getByText("Use this product").click();
    await asked(device, 'POST /api/products/pear/split {"examples":[1],"label":"conference-pears","name":"Conference pears","sku":null,"gtin":null}');

    await page.locator("#product-rename").click();
    await page.locator("#details-name").fill("  <i>梨</i> 🍐 ");
    await page.locator("#details-gtin").fill("4006381333932");
    await page.locator("#details-form button.primary").click();
    await waitForText(page.locator("#details-hint"), "would have to end in 1");
    await look(page, "product-rename");
    await page.locator("#details-gtin").fill("400 6381 33393 1");
    await page.locator("#details-form button.primary").click();
    await asked(device, 'PATCH /api/products/pear {"name":"<i>梨</i> 🍐","sku":"0012","gtin":"4006381333931"}');
    await waitForText(page.locator("#product-note"), "<i>梨</i> 🍐 from now on");

    await page.locator("#product-twins button").click();
    await waitForText(page.locator("#ask-title"), "one product?");
    await page.locator("#ask-buttons button").first().click();
    // Plum was not taught, so that the examples move to its label.
    await asked(device, 'PATCH /api/products/pear {"label":"plum","name":null,"sku":null,"gtin":null}');
    await takeBack(8);
    await page.locator("#product-remove").click();
    await waitForText(page.locator("#ask-text"), "It still belongs in 4 places");
    await page.locator("#ask-buttons button").last().click();
    await asked(device, "DELETE /api/products/pear");
    await waitForText(page.locator("#product-note"), "is forgotten");
  },

  // What a teaching would change is said before it, and what it left out after it.
  async preview() {
    const [page, device] = await played();
    const teaches = () => device.asked.filter(what => what.startsWith("POST /api/examples {")).length;
    device.effect = { changes: [{ slot: "1-03", from: "mismatch", to: "match" }, { slot: "2-03", from: "unknown", to: "match" }, { slot: "2-01", from: "empty", to: "mismatch", seen_after: "cherry" }], worse: [] };
    await place(page, "1-03").click();
    await page.locator("#slot-right").click();
    await waitForText(page.locator("#ask-text"), "Learning this would change 2 other places:");
    must((await texts(page.locator("#ask-text li"))).join("; ") === "Shelf 2, place 3: from not known to in place; Shelf 2, place 1: from empty to wrong product (Cherry)", `The places are told as ${await texts(page.locator("#ask-text li"))}`);
    await look(page, "preview");
    await page.getByText("Not now").click();
    must(teaches() === 0, "It is taught before the person agrees.");
    await page.locator("#slot-right").click();
    await page.getByText("Learn it", { exact: true }).click();
    await waitForText(page.locator("#slot-note"), "Learned: this is Plum");

    device.effect = { changes: [], worse: ["Slot 1-01 matches now and would not any more."] };
    await page.locator("#slot-note button").click();
    await page.locator("#slot-empty").click();
    await waitForText(page.locator("#ask-title"), "This makes the device worse");
    await waitForText(page.locator("#ask-text"), "Slot 1-01 matches now");
    await look(page, "preview-worse");
    await page.keyboard.press("Escape");
    must(teaches() === 1, "What makes the device worse is taught without a yes.");
    await page.locator("#slot-empty").click();
    await page.getByText("Learn it all the same").click();
    await asked(device, 'POST /api/examples {"slots":["1-03"],"label":"empty","confirm":true}');
    await page.locator("#slot-done").click();

    device.effect = { changes: [], worse: [] };
    device.notAdded = [{ slot: "1-01", code: "moving", reason: "" }, { slot: "1-02", code: "known", reason: "" }, { slot: "2-02", code: "blank", reason: "" }];
    await page.locator("#all-right").click();
    await waitForText(page.locator("#ask-text"), "Left out: Shelf 1, place 1, because something moves there. Step aside, wait for the next picture, and try again. Left out: Shelf 2, place 2, because the picture of it is too dark");
    await page.locator("#ask-buttons button").first().click();
    await waitForText(page.locator("#notices"), "because something moves there. Step aside");

    device.refuse = { status: 409, code: "conflict", detail: "Cherry has an example that shows the same.", not_added: [{ slot: "1-01", code: "other-label", label: "cherry", example: 4 }] };
    await place(page, "1-01").click();
    await page.locator("#slot-right").click();
    await waitForText(page.locator("#ask-text"), "was taught as Cherry");
    device.refuse = null;
    device.notAdded = [];
    await page.getByText("It is what belongs there").click();
    await asked(device, 'POST /api/examples {"slots":["1-01"],"expected":true,"move":true}');
    must(page.complaints.every(complaint => complaint.includes("409")), page.complaints.join("; "));
  },

  // A barcode is read by the phone or typed. A known product is found first; a new one has its numbers.
  async barcodes() {
    const [page, device] = await openPlayed(bayOf(), { picture: file, options: { ...PHONE, bypassCSP: false }, before: page => readsBarcodes(page, ["4006381333932", "4006381333931"]) });
    await place(page, "1-03").tap();
    await page.locator("#slot-other").tap();
    await page.locator("#choose-scan").tap();
    const found = page.locator("#choose-list button");
    await until(async () => await page.locator("#choose-search").inputValue() === "4006381333931", "A barcode that is misread is taken.");
    await until(async () => await found.count() === 1 && (await found.textContent()).startsWith("Cherry"), "Another product is found by the barcode.");
    await page.locator("#scan").waitFor({ state: "hidden" });
    must(await page.evaluate(() => document.querySelector("#scan-video").srcObject === null), "The camera stays on.");
    await found.tap();
    await asked(device, 'POST /api/examples {"slots":["1-03"],"label":"cherry"}');
    await page.locator("#slot-note button").tap();

    await page.locator("#slot-other").tap();
    await page.locator("#choose-search").fill("036000291453");
    await waitForText(page.locator("#choose-none"), "A digit is wrong: this number would have to end in 2.");
    must(await found.count() === 0, "A wrong barcode makes a product.");
    await page.locator("#choose-search").fill("0 36000 29145 2");
    await page.getByText("New product with this barcode").tap();
    must(await page.locator("#new-gtin").inputValue() === "036000291452", "The number is not in the form.");
    await page.locator("#new-make").tap();
    must(await page.locator("#choose").isVisible(), "A product without a name is taken.");
    await page.locator("#new-name").fill("Green pears");
    await page.locator("#new-sku").fill("77");
    await page.locator("#new-sku").blur();
    await waitForText(page.locator("#new-twin"), "Cherry has this article number already.");
    await page.locator("#new-sku").fill("");
    await page.locator("#new-sku").blur();
    await waitForText(page.locator("#new-twin"), "Green pears has this name already.");
    await page.locator("#new-name").fill("Kleenex");
    await page.locator("#new-sku").fill("A-9");
    await page.locator("#new-sku").blur();
    await page.locator("#new-twin").waitFor({ state: "hidden" });
    await page.screenshot({ path: `${process.argv[4]}/new-product-phone.png` });
    await page.locator("#new-make").tap();
    await asked(device, 'POST /api/examples {"slots":["1-03"],"label":"kleenex","name":"Kleenex","sku":"A-9","gtin":"036000291452"}');
    must(page.complaints.length === 0, page.complaints.join("; "));

    // Without a reader of barcodes there is no button that does nothing.
    const [plain] = await played(bayOf(), PHONE);
    await place(plain, "1-03").tap();
    await plain.locator("#slot-other").tap();
    must(!await plain.locator("#choose-scan").isVisible(), "A browser that cannot read barcodes offers it.");
    await look(plain, "choose-phone");
  },

  // Two phones teach a real device at once, with names of every kind.
  async phones() {
    const names = ["<b>../梨</b> 🍐", "x".repeat(200), "🍎", "Ærø & Söhne \"1½ l\""];
    const pages = [await open(PHONE), await open(PHONE)];
    const teach = async (page, at) => {
      await place(page, `1-0${at + 1}`).evaluate(each => each.click());
      await page.locator("#slot-other").tap();
      await page.locator("#choose-search").fill(names[at]);
      await page.locator("#choose-list .new").tap();
      await page.getByText("Use this product").tap();
      // The other phone may change what this teaching would change.
      const note = page.locator("#slot-note").filter({ hasText: "Learned: this is" });
      const yes = page.locator("#ask-buttons button").filter({ hasText: "earn it" }).filter({ hasNotText: "Don" });
      await until(async () => {
        if (await yes.isVisible()) await yes.tap();
        return note.isVisible();
      }, `${names[at]} is not taught.`, 60_000).catch(async problem => { throw new Error(`${problem.message} The sheet says: ${await page.locator("#slot-note").textContent()} ${await page.locator("#ask").textContent()}`); });
      must((await note.textContent()).includes(names[at]), `The phone says ${await note.textContent()}`);
      await page.locator("#slot-done").tap();
    };
    await Promise.all(pages.map(async (page, which) => {
      for (const at of [which, which + 2]) await teach(page, at);
    }));
    const { products, examples } = await (await pages[0].request.get(`${url}api/examples`)).json();
    must(JSON.stringify(products.map(product => product.name).sort()) === JSON.stringify([...names].sort()), `The device knows ${JSON.stringify(products)}.`);
    must(examples.length === 4 && new Set(examples.map(example => example.label)).size === 4, `The examples are ${JSON.stringify(examples)}.`);
    await go(pages[1], "products");
    for (const name of names) await waitForText(pages[1].locator("#product-cards strong"), name.slice(0, 39));
    must(await pages[1].locator("#product-cards b").count() === 0, "A name is read as HTML.");
    for (const page of pages) page.complaints = page.complaints.filter(complaint => !complaint.includes("409"));
    await look(pages[1], "names-phone");
  },
};

await run(checks);
