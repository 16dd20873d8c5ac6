// Checks the editor of places with mouse, keyboard and touch. The device has a picture and no slots.
//   node editor.mjs CHECK URL ARTIFACTS [FILE]
// FILE is a folder with CSV files for the check of files.
import { file, look, must, open, PHONE, run, until, url, waitForText } from "./browser.mjs";

const slotsOf = async page => (await (await page.request.get(`${url}api/slots`)).json()).slots;
const count = (page, wanted) => page.waitForFunction(wanted => document.querySelectorAll(".box").length === wanted, wanted);
const selected = page => page.locator('.box[aria-pressed="true"]');

// Opens the editor, and returns a function from fractions of the picture to pixels of the window.
async function edit(page, button = "#invite-draw") {
  await page.locator(button).click();
  await page.waitForFunction(() => document.querySelector("#editor-frame").complete && document.querySelector("#editor-stage").clientHeight > 100);
  return place(page);
}

async function place(page) {
  const stage = await page.locator("#editor-stage").boundingBox();
  return (x, y) => ({ x: stage.x + x * stage.width, y: stage.y + y * stage.height });
}

async function drag(page, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

const isAbout = (value, wanted, by = 0.01) => Math.abs(value - wanted) <= by;

const checks = {
  // Draws, copies, lays a grid, names, chooses a product, and saves.
  async mouse() {
    const page = await open();
    const at = await edit(page);
    await drag(page, at(0.1, 0.1), at(0.2, 0.3));
    await count(page, 1);
    must(await page.locator("#place-slot").inputValue() === "1-01", "The first place is not named 1-01.");
    await page.mouse.click(at(0.35, 0.2).x, at(0.35, 0.2).y);
    await count(page, 2);
    await page.locator('[data-tool="select"]').click();
    await page.locator(".box").first().click();
    await drag(page, at(0.15, 0.2), at(0.17, 0.22));
    const handle = await page.locator('.handle[data-edges="se"]').boundingBox();
    await drag(page, { x: handle.x + handle.width / 2, y: handle.y + handle.height / 2 }, { x: handle.x + handle.width / 2 + 20, y: handle.y + handle.height / 2 + 10 });
    await page.locator('[data-do="undo"]').click();
    await page.locator('[data-do="undo"]').click();
    await page.locator('[data-do="redo"]').click();

    await page.locator('[data-tool="grid"]').click();
    await drag(page, at(0.1, 0.6), at(0.9, 0.8));
    await page.locator("#grid-columns").fill("4");
    await look(page, "editor-grid");
    await page.locator("#grid-lay").click();
    await count(page, 6);
    await waitForText(page.locator("#editor-form-title"), "4 places");
    await page.locator("#place-product").click();
    await page.locator("#choose-search").fill("Vanilla pudding");
    await page.getByText("New product: “Vanilla pudding”").click();
    await page.locator("#new-sku").fill("0042");
    await page.getByText("Use this product").click();
    await waitForText(page.locator("#place-product"), "Vanilla pudding");
    await look(page, "editor-desktop");
    await page.locator("#editor-save").click();
    await waitForText(page.locator("#notices"), "The places are saved");
    await waitForText(page.locator("#legend"), "6");

    const slots = await slotsOf(page);
    must(slots.map(slot => slot.slot).sort().join() === "1-01,1-02,2-01,2-02,2-03,2-04", `The slots are ${slots.map(slot => slot.slot)}.`);
    const [first] = slots;
    must(isAbout(first.x, 0.12) && isAbout(first.y, 0.12) && isAbout(first.width, 0.1), `The first place lies at ${JSON.stringify(first)}.`);
    const planogram = await (await page.request.get(`${url}api/planogram`)).json();
    must(planogram.positions.map(position => `${position.slot} ${position.position} ${position.label}`).join() === "2-01 1 vanilla-pudding,2-02 2 vanilla-pudding,2-03 3 vanilla-pudding,2-04 4 vanilla-pudding", `The planogram has ${JSON.stringify(planogram.positions)}.`);
    must(planogram.products[0].name === "Vanilla pudding" && planogram.products[0].sku === "0042", "The product has lost its name or its number.");
  },

  async keyboard() {
    const page = await open();
    await edit(page);
    await page.keyboard.press("n");
    await count(page, 1);
    await page.keyboard.press("Control+d");
    await count(page, 2);
    const left = async () => (await selected(page).boundingBox()).x;
    const before = await left();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowLeft");
    must(isAbout(await left(), before - 4, 1), "Four arrows do not move the place four pixels.");
    const { width } = await selected(page).boundingBox();
    await page.keyboard.press("Shift+ArrowRight");
    must((await selected(page).boundingBox()).width > width, "Shift and an arrow do not resize.");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    must(isAbout(await left(), before, 1), "Undo does not take back the arrows as one step.");
    await page.keyboard.press("Shift+Tab");
    must(await selected(page).count() === 1 && await selected(page).getAttribute("aria-label").then(label => label.startsWith("1-01")), "Tab does not go to the other place.");
    await page.keyboard.press("Delete");
    await count(page, 1);
    await page.keyboard.press("g");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    must(!await page.locator("#editor-grid").isVisible(), "Escape does not leave the grid.");
    await page.keyboard.press("Control+a");
    must(await selected(page).count() === 1, "Ctrl+A does not select.");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await waitForText(page.locator("#ask-title"), "Leave without saving?");
    await page.keyboard.press("Escape");
    must(await page.locator(".box").count() === 1, "Escape in the question throws the drawing away.");
    await page.keyboard.press("Control+s");
    await waitForText(page.locator("#notices"), "The places are saved");
    must((await slotsOf(page)).length === 1, "Ctrl+S does not save.");
  },

  async touch() {
    const page = await open(PHONE);
    const at = await edit(page);
    const device = await page.context().newCDPSession(page);
    const touch = (type, ...touchPoints) => device.send("Input.dispatchTouchEvent", { type, touchPoints });
    const swipe = async (from, to) => {
      await touch("touchStart", from);
      for (let i = 1; i <= 5; i++) await touch("touchMove", { x: from.x + (to.x - from.x) * i / 5, y: from.y + (to.y - from.y) * i / 5 });
      // A finger that stops before it is lifted throws nothing; after a throw the browser takes the next tap for a stop.
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 100)));
      await touch("touchMove", to);
      await touch("touchEnd");
    };
    const centre = box => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await swipe(at(0.2, 0.3), at(0.35, 0.6));
    await count(page, 1);
    await page.locator('[data-tool="select"]').tap();
    await page.locator('[data-tool="select"][aria-pressed="true"]').waitFor();
    const drawn = await selected(page).boundingBox();
    await swipe(centre(drawn), { x: centre(drawn).x + 40, y: centre(drawn).y + 20 });
    await until(async () => {
      const { x, y } = await selected(page).boundingBox();
      return isAbout(x - drawn.x, 40, 4) && isAbout(y - drawn.y, 20, 4);
    }, "A finger does not move the place.");
    const corner = centre(await page.locator('.handle[data-edges="se"]').boundingBox());
    await swipe(corner, { x: corner.x + 30, y: corner.y + 30 });
    await until(async () => (await selected(page).boundingBox()).width > drawn.width + 15, "A finger does not resize the place.");
    await look(page, "editor-phone");
    const middle = at(0.5, 0.5);
    const apart = by => [{ id: 0, x: middle.x - by, y: middle.y }, { id: 1, x: middle.x + by, y: middle.y }];
    const { width } = await page.locator("#editor-stage").boundingBox();
    await touch("touchStart", ...apart(30));
    for (let by = 40; by <= 90; by += 10) await touch("touchMove", ...apart(by));
    await touch("touchEnd");
    await page.waitForFunction(wanted => document.querySelector("#editor-stage").clientWidth > wanted, width * 2);
    must(await page.locator(".box").count() === 1, "Two fingers draw.");
    await page.locator("#editor-zoom button:visible").first().tap();
    await until(async () => isAbout((await page.locator("#editor-stage").boundingBox()).width, width, 2), "The whole picture does not come back.");
    await page.locator('[data-do="copy"]').tap();
    await count(page, 2);
    const other = centre(await page.locator('.box[aria-pressed="false"]').boundingBox());
    await touch("touchStart", other);
    await until(async () => await selected(page).count() === 2, "A finger that is held does not select a second place.");
    await touch("touchEnd");
    await waitForText(page.locator("#editor-form-title"), "2 places");
    await page.locator("#editor-save").tap();
    await waitForText(page.locator("#notices"), "The places are saved");
    must((await slotsOf(page)).length === 2, "The places are not on the device.");
  },

  // What is wrong or late never costs the drawing.
  async mistakes() {
    const page = await open();
    const at = await edit(page);
    await drag(page, at(0.1, 0.1), at(0.2, 0.3));
    await drag(page, at(0.3, 0.1), at(0.4, 0.3));
    await page.locator("#place-slot").fill("1-01");
    await waitForText(page.locator("#place-slot-hint"), "Another place has this name");
    await page.locator("#editor-save").click();
    const problem = page.locator("#editor-problem-list button");
    await waitForText(problem, "1-01");
    must(await page.locator('.box[data-problem="yes"]').count() === 2, "The problem is not shown at its places.");
    must((await slotsOf(page)).length === 0, "Wrong slots are taken.");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("422"));
    await look(page, "editor-problems");
    await page.locator('[data-tool="select"]').click();
    await page.locator(".box").last().click();
    await page.locator("#place-slot").fill("1-02");

    // Somebody else saves first.
    await page.request.put(`${url}api/slots`, { data: { schema: 1, slots: [{ slot: "other", shelf: 1, x: 0.5, y: 0.5, width: 0.1, height: 0.1 }] } });
    await page.locator("#editor-save").click();
    await waitForText(page.locator("#ask-title"), "changed meanwhile");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("409"));
    await look(page, "editor-conflict");
    await page.getByText("Keep drawing").click();
    await count(page, 2);

    // The browser is closed, or the phone goes to sleep.
    page.on("dialog", dialog => dialog.accept());
    await page.reload();
    await page.locator("#edit").click();
    await waitForText(page.locator("#ask-title"), "Go on with your unsaved drawing?");
    await page.getByText("Go on with it").click();
    await count(page, 2);
    await page.locator("#editor-save").click();
    await waitForText(page.locator("#ask-title"), "changed meanwhile");
    await page.getByText("Save mine over it").click();
    await waitForText(page.locator("#notices"), "The places are saved");
    must((await slotsOf(page)).map(slot => slot.slot).sort().join() === "1-01,1-02", "The drawing that was kept is not what is saved.");
    await page.locator("#edit").click();
    await count(page, 2);
    must(!await page.locator("#ask").isVisible(), "A drawing that is saved is offered again.");
  },

  // FILE is a folder with good.csv, two slots, and bad.csv, which has two of one name.
  async files() {
    const page = await open();
    await edit(page);
    await page.locator("#editor-import").setInputFiles(`${file}/bad.csv`);
    await waitForText(page.locator("#editor-problem-list"), "1-01");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("422"));
    await page.locator("#editor-import").setInputFiles(`${file}/good.csv`);
    await count(page, 2);
    if (await page.locator("#ask").isVisible()) await page.getByText("Good", { exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#editor-export-slots").click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const csv = Buffer.concat(chunks).toString();
    must(download.suggestedFilename().endsWith("-slots.csv") && csv.includes("1-01") && csv.includes("1-02"), `${download.suggestedFilename()} has ${csv}`);
    must(page.complaints.length === 0, page.complaints.join("; "));
  },
};

await run(checks);
