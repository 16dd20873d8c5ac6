// Checks the page of a shelf with slots.
//   node shelf.mjs CHECK URL ARTIFACTS FILE
// FILE is a JPEG, for the crops of places.
import { file, go, look, must, PHONE, run, until, waitForText } from "./browser.mjs";
import { bayOf, modelOf, openPlayed, slotOf } from "./played.mjs";

const place = (page, name) => page.locator(`.place[data-key="${name}"]`);
const texts = locator => locator.evaluateAll(all => all.map(each => each.textContent));
const played = (bay = bayOf(), options = {}) => openPlayed(bay, { picture: file, options });
const asked = (device, what) => until(() => device.asked.includes(what), `The page does not ask ${what}, but ${device.asked.join("; ") || "nothing"}.`);

const checks = {
  // What is missing stands first, in the order of a walk; the picture carries the verdicts, each with a word.
  async shelf() {
    const [page, device] = await played();
    await waitForText(page.locator("#todo-count"), "3");
    const rows = await texts(page.locator("#todo-list .what"));
    must(rows.length === 3 && rows[0].startsWith("PlumShelf 1, place 3") && rows[1].startsWith("Green pearsShelf 2, place 1") && rows[2].startsWith("PlumShelf 2, place 3"), `The list is ${rows.join(" | ")}`);
    must(rows[0].includes("wrong product") && rows[0].includes("Cherry") && rows[1].includes("empty") && rows[2].includes("not known"), `The list is ${rows.join(" | ")}`);
    must(await page.locator('#todo-list [data-key="2-01"] img').getAttribute("src") === "/api/examples/1/crop.jpg", "The list does not show what to bring.");
    const legend = (await texts(page.locator("#legend li"))).join();
    must(legend === "empty 1,wrong product 1,not known 1,in place 4,not checked 1", `The legend is ${legend}`);
    const label = await place(page, "2-01").getAttribute("aria-label");
    must(label.startsWith("Shelf 2, place 1: empty. Green pears belongs here."), `A place is called ${label}`);
    must(await page.locator(".place .sign svg").count() === 8, "A place has no sign.");
    await waitForText(page.locator("#available-now"), "57 %");
    await waitForText(page.locator("#available-places"), "4 of 7 places");
    const chart = await page.locator("#available-chart svg").getAttribute("aria-label");
    must(chart.includes("between 50 % and 100 %"), `The chart says ${chart}`);
    await waitForText(page.locator("#overall"), "3 to do");
    await waitForText(page.locator("#bay-name"), "Bay 4");
    await look(page, "shelf-desktop");

    // A change comes without a reload, and the place that has the focus keeps it.
    await place(page, "2-01").focus();
    device.bay = bayOf(bay => { Object.assign(bay.slots[2], { verdict: "match", seen: "pear" }); });
    await device.send();
    await waitForText(page.locator("#todo-count"), "2");
    must(await place(page, "2-01").getAttribute("data-verdict") === "match" && await place(page, "2-01").evaluate(each => each === document.activeElement), "A change takes the focus away.");
    device.bay = bayOf(bay => { for (const slot of bay.slots) if (slot.expected) Object.assign(slot, { verdict: "match", seen: slot.expected.label }); });
    await device.send();
    await waitForText(page.locator("#todo-list"), "Everything is in its place");
    device.bay = bayOf(bay => {
      for (const slot of bay.slots) if (slot.expected) Object.assign(slot, { verdict: "match", seen: slot.expected.label });
      bay.slots[1].covered_since = new Date(Date.now() - 30_000).toISOString();
      Object.assign(bay.slots[0], { verdict: "unchecked", seen: null, examples: 0 });
    });
    await device.send();
    await waitForText(page.locator("#todo-list"), "Everything that can be judged is in its place");
    const left = (await texts(page.locator("#todo-list small"))).join(" ");
    must(left === "Left out: Shelf 1, place 1, because something is in the way. Left out: Shelf 2, place 3, because the product is not taught yet.", `What is left out is told as ${left}`);
    device.bay = bayOf(bay => { for (const slot of bay.slots) if (slot.expected) Object.assign(slot, { verdict: "match", seen: slot.expected.label }); });
    await device.send();
    await waitForText(page.locator("#overall"), "Everything in place");

    // The other checks set the content policy aside for axe; with it the page must run all the same.
    const [strict] = await played(bayOf(), { bypassCSP: false });
    await place(strict, "1-01").click();
    await waitForText(strict.locator("#slot-reason"), "0.40 is needed");
    must(strict.complaints.length === 0, `Under the content policy: ${strict.complaints.join("; ")}`);

    const [phone] = await played(bayOf(), PHONE);
    await waitForText(phone.locator("#todo-count"), "3");
    must((await phone.locator("#todo").boundingBox()).y < (await phone.locator("#now").boundingBox()).y, "On a phone the picture stands before what is missing.");
    await look(phone, "shelf-phone");
    const [dark] = await played(bayOf(), { ...PHONE, viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    await waitForText(dark.locator("#todo-count"), "3");
    await look(dark, "shelf-dark");
  },

  // The keyboard goes through the picture with the arrows and opens a place.
  async keyboard() {
    const [page] = await played();
    await place(page, "1-01").focus();
    for (const [key, name] of [["ArrowRight", "1-02"], ["ArrowDown", "2-02"], ["ArrowLeft", "2-01"], ["End", "2-04"], ["ArrowUp", "1-04"], ["Home", "1-01"]]) {
      await page.keyboard.press(key);
      must(await page.evaluate(() => document.activeElement.dataset.key) === name, `${key} does not go to ${name}.`);
    }
    must(await page.locator('.place[tabindex="0"]').count() === 1, "Tab stops at more than one place.");
    await page.keyboard.press("Enter");
    await waitForText(page.locator("#slot-title"), "Shelf 1, place 1");
    await page.keyboard.press("Escape");
    must(await page.evaluate(() => document.activeElement.dataset.key) === "1-01", "The focus does not come back to the place.");
  },

  // A place in full, and what a person can teach there.
  async slot() {
    const [page, device] = await played();
    await place(page, "1-03").click();
    await waitForText(page.locator("#slot-title"), "Shelf 1, place 3");
    await waitForText(page.locator("#slot-verdict"), "wrong product");
    await waitForText(page.locator("#slot-reason"), "0.40 is needed");
    await waitForText(page.locator("#slot-changes"), "in place → wrong product: Cherry");
    await waitForText(page.locator("#slot-facts"), "Cherry");
    const bars = await texts(page.locator("#slot-bars li"));
    must(bars.length === 5 && bars[0] === "Plumexpected0.33, needs 0.40" && bars[1] === "Cherry0.71, enough: needs 0.40" && bars[4] === "An empty place0.10, needs 0.30", `The likenesses are ${bars.join(" | ")}`);
    await look(page, "slot-desktop");

    await waitForText(page.locator("#slot-sentence"), "It looks more like Cherry than like what belongs here.");
    const takeBack = async () => {
      await page.locator("#slot-note button").click();
      await waitForText(page.locator("#slot-note"), "Taken back");
    };
    await page.locator("#slot-right").click();
    await asked(device, 'POST /api/examples {"slots":["1-03"],"expected":true}');
    await waitForText(page.locator("#slot-note"), "Learned: this is Plum");
    must(await page.locator("#slot-done").isVisible() && !await page.locator("#slot-empty").isVisible(), "After a teaching the same can be taught again.");
    await takeBack();
    await asked(device, 'POST /api/examples/undo {"step":7}');
    await page.locator("#slot-empty").click();
    await asked(device, 'POST /api/examples {"slots":["1-03"],"label":"empty"}');
    await takeBack();
    await page.locator("#slot-seen").click();
    await asked(device, 'POST /api/examples {"slots":["1-03"],"label":"cherry"}');
    await takeBack();

    device.refuse = { status: 409, title: "Conflict", detail: "The place is covered.", hint: "Try again when it can be seen." };
    await page.locator("#slot-right").click();
    await waitForText(page.locator("#slot-note"), "The place is covered. Try again when it can be seen.");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("409"));
    device.refuse = null;

    device.bay = bayOf(bay => { bay.slots = bay.slots.filter(slot => slot.slot !== "1-03"); });
    await device.send();
    await page.locator("#slot").waitFor({ state: "hidden" });

    const [phone] = await played(bayOf(bay => { bay.slots[2].covered_since = new Date(Date.now() - 900_000).toISOString(); }), PHONE);
    await phone.locator("#todo-list button").filter({ hasText: "Green pears" }).tap();
    await waitForText(phone.locator("#slot-facts"), "before: empty");
    await look(phone, "slot-phone");
  },

  // The first teaching of an installer, for many places at once.
  async teaching() {
    const [page, device] = await played(bayOf(bay => { for (const slot of bay.slots) Object.assign(slot, { verdict: "unchecked", seen: null, examples: 0 }); }));
    await waitForText(page.locator("#setup"), "Teach how it looks");
    must(!await page.locator("#todo").isVisible() && !await page.locator("#available").isVisible(), "Before anything was judged, something is said to be missing.");
    await look(page, "setup-desktop");
    await page.locator("#setup").getByText("These places are empty").click();
    await place(page, "2-01").click();
    await place(page, "1-02").click();
    await place(page, "1-02").click();
    await place(page, "2-03").click();
    await waitForText(page.locator("#selecting-text"), "2 places selected");
    must(await place(page, "2-03").getAttribute("aria-pressed") === "true", "A selected place does not say so.");
    await look(page, "selecting-desktop");
    await page.locator("#selecting-empty").click();
    await asked(device, 'POST /api/examples {"slots":["2-01","2-03"],"label":"empty"}');
    await waitForText(page.locator("#notices"), "2 places learned as empty");
    await page.locator("#notices").getByText("Undo").click();
    await asked(device, 'POST /api/examples/undo {"step":7}');

    device.bay = bayOf(bay => { for (const slot of bay.slots) if (slot.verdict !== "empty") Object.assign(slot, { verdict: "unchecked", seen: null, examples: 0 }); });
    await device.send();
    must(!await page.locator("#all-right").isVisible(), "While a shelf is set up, the same button stands twice.");
    await page.locator("#setup").getByText("Everything is in its place").click();
    await waitForText(page.locator("#ask-text"), "1 place that is empty is left out");
    await page.locator("#ask-buttons button").first().click();
    await asked(device, 'POST /api/examples {"slots":["2-03","1-01","1-03","2-02","1-02","2-04"],"expected":true}');
    await waitForText(page.locator("#notices"), "Learned from 6 places");
  },

  // What the page says when the places cannot be seen, or nobody knows.
  async views() {
    const [page, device] = await played(bayOf(bay => { bay.view = "camera-moved"; }));
    await waitForText(page.locator("#view"), "The camera was moved");
    await look(page, "view-moved");
    await page.locator("#view").getByRole("button", { name: "Take the new view" }).click();
    await asked(device, 'POST /api/slots/view {"accept":false}');
    await waitForText(page.locator("#ask-text"), "6 places move");
    await waitForText(page.locator("#ask-text"), "will be lost: 1-01, 1-02");
    must(!device.asked.some(what => what.includes("true")), "The view is taken before the person agrees.");
    await look(page, "view-question");
    await page.locator("#ask-buttons button").first().click();
    await asked(device, 'POST /api/slots/view {"accept":true}');
    await page.locator("#notices").getByText("Undo").click();
    await asked(device, 'POST /api/slots/rollback {"version":7}');
    await page.locator("#view").getByText("Keep the places where they are").click();
    await page.locator("#ask-buttons button").first().click();
    await asked(device, 'POST /api/slots/view {"accept":true,"keep":true}');

    const said = async (change, text) => {
      device.bay = bayOf(change);
      await device.send();
      await waitForText(page.locator("#view"), text);
    };
    await said(bay => { bay.view = "unusable"; }, "too dark, blurred or blank");
    await said(bay => { bay.view = "none"; bay.last_look_at = null; }, "Not looked at yet");
    device.state.interval_s = 60;
    await device.find();
    await said(bay => { bay.last_look_at = new Date(Date.now() - 3_600_000).toISOString(); }, "The last look is old");
    device.bay = bayOf();
    await device.send();
    await page.locator("#view").waitFor({ state: "hidden" });
    await device.lose();
    await waitForText(page.locator("#view"), "No contact to the device");
    await waitForText(page.locator("#overall"), "No contact");
    await device.find();
    await page.locator("#view").waitFor({ state: "hidden" });
  },

  // A training is offered when there are enough examples, shows how far it is, and its model is used and taken back.
  async training() {
    const [page, device] = await played();
    await go(page, "products");
    await waitForText(page.locator("#products-title"), "Products on this shelf");
    must(await page.locator("#training").isHidden(), "A training is offered although there are too few examples.");
    device.model = modelOf({ examples: 240, ready_products: 3 });
    await go(page, "shelf");
    await go(page, "products");
    await waitForText(page.locator("#training-start"), "Train a model from 240 examples");
    must(await page.locator("#training-figures").isHidden() && await page.locator("#training-use").isHidden() && await page.locator("#training-back").isHidden(), "There is something to use before a training.");
    await look(page, "training-offered");

    device.model = modelOf({ examples: 240, ready_products: 3, job: { ...modelOf().job, state: "running", progress: 0.31, step: "Looking at the examples" } });
    await page.locator("#training-start").click();
    await asked(device, "POST /api/model/train");
    await waitForText(page.locator("#training-step"), "Looking at the examples, 31 %");
    must(await page.locator("#training-bar").evaluate(bar => bar.value) === 0.31, "The bar does not show how far it is.");
    must(await page.locator("#training-start").isHidden() && await page.locator("#training-cancel").isVisible(), "A training that runs cannot be cancelled.");
    await look(page, "training-runs");
    device.model = modelOf({ examples: 240, ready_products: 3, job: { ...modelOf().job, state: "cancelled" } });
    await page.locator("#training-cancel").click();
    await asked(device, "DELETE /api/model/train");
    await waitForText(page.locator("#training-step"), "Cancelled");

    const last = { at: new Date().toISOString(), model: "shelf-0001", better: true, used: true, judged: 240, right: 230, right_by_likeness: 210, only_model: 25, only_likeness: 5, chance: 0.0001, notes: [] };
    device.model = modelOf({ name: "shelf-0001", predecessor: "grocery-81", examples: 240, ready_products: 3, last });
    await page.locator("#training-start").click();
    await waitForText(page.locator("#training-figures"), "96 % right; without it 88 % are named right. It is in use.");
    must(await page.locator("#training-use").isHidden(), "What is in use is offered for use.");
    device.model = modelOf({ predecessor: "shelf-0001", examples: 240, ready_products: 3, last });
    await page.locator("#training-back").click();
    await asked(device, "POST /api/model/rollback");
    await waitForText(page.locator("#training-figures"), "It is ready and not in use.");
    await page.locator("#training-use").click();
    await asked(device, 'POST /api/model/use {"name":"shelf-0001"}');
    device.model = modelOf({ examples: 240, ready_products: 3, last: { ...last, model: null, better: false, used: false } });
    await page.locator("#training-use").click();
    await waitForText(page.locator("#training-figures"), "nothing was kept");
    must(await page.locator("#training-use").isHidden() && await page.locator("#training-back").isHidden(), "There is something to use although nothing was kept.");
    const [phone, small] = await played(bayOf(), PHONE);
    small.model = device.model;
    await go(phone, "products");
    await waitForText(phone.locator("#training-figures"), "nothing was kept");
    await look(phone, "training-phone");
  },

  // 200 places, names in every script, and a picture that is enlarged.
  async many() {
    const names = ["<b>../梨</b> 🍐", "x".repeat(200), "Ærø"];
    const [page] = await played(bayOf(bay => {
      bay.slots = Array.from({ length: 200 }, (_, i) => ({
        ...slotOf([`${1 + Math.floor(i / 40)}-${i % 40 + 1}`, "pear", i % 3 ? "match" : "empty"]),
        region: { x: (i % 40) / 40, y: Math.floor(i / 40) / 5, width: 0.024, height: 0.15 }, expected: { label: `p${i % 3}`, name: names[i % 3], sku: null },
      }));
    }), PHONE);
    await waitForText(page.locator("#todo-count"), "67");
    await look(page, "many-phone");
    await page.locator("#todo-more").tap();
    must(await page.locator("#todo-list li").count() === 67, "The list does not open.");
    await waitForText(page.locator("#todo-list"), "<b>../梨</b> 🍐");
    const before = (await page.locator("#stage").boundingBox()).width;
    await page.getByLabel("Larger").first().tap();
    await until(async () => (await page.locator("#stage").boundingBox()).width > before * 1.4, "The picture does not get larger.");
    await page.getByLabel("Show the whole picture").first().tap();
    await until(async () => (await page.locator("#stage").boundingBox()).width <= before + 1, "The picture does not get whole again.");
    // A finger beside a place means the nearest one.
    await place(page, "1-1").evaluate(each => each.scrollIntoView({ block: "center" }));
    const box = await place(page, "1-1").boundingBox();
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height + 4);
    await waitForText(page.locator("#slot-title"), "Shelf 1, place 1");
  },
};

await run(checks);
