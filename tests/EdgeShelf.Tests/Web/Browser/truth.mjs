// Checks that the page says only what is so: in front of a device that the check plays, of which the last picture was recognized with certainty.
//   node truth.mjs CHECK URL ARTIFACTS FILE
// FILE is a JPEG, for the crops of places.
import { file, go, look, must, PHONE, run, until, waitForText } from "./browser.mjs";
import { bayOf, openPlayed } from "./played.mjs";

const WIDE = { viewport: { width: 1920, height: 1080 } };
const withoutPlaces = bayOf(bay => { bay.slots = []; bay.planogram = null; bay.view = "none"; bay.last_look_at = null; });
const played = (bay = withoutPlaces, options = {}) => openPlayed(bay, { picture: file, options });
const offline = { code: "camera-offline", severity: "error", title: "Camera offline", detail: "The folder holds no picture.", hint: "Check Capture:Folder:Path." };
const overall = page => page.locator("#overall");

const checks = {
  // Green means that nothing waits for a person.
  async green() {
    const [page, device] = await played();
    await waitForText(overall(page), "All is well");
    must(await overall(page).getAttribute("data-level") === "good", "A device that is well is not green.");
    Object.assign(device.state, { review_waiting: 15 });
    await device.find();
    await waitForText(overall(page), "15 to review");
    must(await overall(page).getAttribute("data-level") === "ask", "It is green while fifteen pictures wait.");
    await look(page, "truth-waiting");
    const unusable = device.state.last_result.slots.map(slot => ({ ...slot, review_reason: "unusable-image" }));
    const fine = device.state.last_result;
    Object.assign(device.state, { last_result: { ...fine, needs_review: true, slots: unusable } });
    await device.find();
    await waitForText(overall(page), "Picture cannot be used");
    Object.assign(device.state, { review_waiting: null, last_result: { ...fine, needs_review: true, slots: fine.slots.map(slot => ({ ...slot, review_reason: "low-confidence" })) } });
    await device.find();
    await waitForText(overall(page), "Please check");
    must(await overall(page).getAttribute("data-level") === "warning", "It is green while the last picture is not sure.");

    const right = change => bayOf(bay => { for (const slot of bay.slots) if (slot.expected) Object.assign(slot, { verdict: "match", seen: slot.expected.label }); change(bay); });
    const [shelf, bay] = await played(right(() => {}));
    Object.assign(bay.state, { review_waiting: 0 });
    await bay.find();
    await waitForText(overall(shelf), "Everything in place");
    bay.bay = right(each => { Object.assign(each.slots[0], { verdict: "unchecked", seen: null }); });
    await bay.send();
    await waitForText(overall(shelf), "1 place not checked");
    must(await overall(shelf).getAttribute("data-level") !== "good", "It is green although a place is not checked.");
    bay.bay = right(each => { for (const slot of each.slots) Object.assign(slot, { verdict: "unchecked", seen: null, examples: 0 }); });
    await bay.send();
    await waitForText(overall(shelf), "7 places not checked");
    bay.bay = right(each => { for (const slot of each.slots) Object.assign(slot, { expected: null, verdict: "unchecked", seen: null }); });
    await bay.send();
    await waitForText(overall(shelf), "No products set yet");
    bay.bay = right(() => {});
    await bay.send();
    Object.assign(bay.state, { review_waiting: 2 });
    await bay.find();
    await waitForText(overall(shelf), "2 to review");
  },

  // What was recognized before the camera failed is not the shelf of now, and an error is over when a good picture comes.
  async past() {
    const [page, device] = await played();
    await waitForText(page.locator("#verdict"), "Recognized");
    const fine = device.state;
    device.state = { ...fine, interval_s: 60, troubles: [offline], camera: { ...fine.camera, state: "failing", code: "no-picture", since: new Date().toISOString() } };
    await device.find();
    await waitForText(page.locator("#verdict"), "Last seen at");
    must(await page.locator("#verdict").getAttribute("data-level") === "off", "The last answer is green although the camera is offline.");
    must(!(await page.locator("#verdict").innerText()).includes("Recognized"), "It says Recognized although the camera is offline.");
    await waitForText(overall(page), "Camera offline");
    must(!(await page.locator("#troubles").innerText()).includes("Capture:Folder"), "Words for engineers are not behind Details.");
    await page.locator("#troubles summary").click();
    await waitForText(page.locator("#troubles details"), "Check Capture:Folder:Path.");
    await device.find();
    must(await page.locator("#troubles details[open]").count() === 1, "Details close by themselves.");
    await go(page, "device");
    await waitForText(page.locator("#facts"), "none; tried every");
    await go(page, "shelf");
    await look(page, "truth-offline");
    await page.setViewportSize(PHONE.viewport);
    await look(page, "truth-offline-phone");
    await page.setViewportSize({ width: 1280, height: 900 });

    await page.route("**/api/capture", route => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "The folder holds no picture.", hint: "Check it.", code: "no-picture" }) }));
    await page.locator("#capture").click();
    await waitForText(page.locator("#capture-note[data-level=error]"), "The camera gave no picture.");
    page.complaints = page.complaints.filter(complaint => !complaint.includes("503"));
    device.state = { ...fine, last_result: { ...fine.last_result, seq: fine.last_result.seq + 1 } };
    await device.find();
    await waitForText(page.locator("#verdict"), "Recognized");
    await until(async () => await page.locator("#capture-note").innerText() === "", "The error of an earlier picture stays above a good one.");

    await device.lose();
    await waitForText(page.locator("#verdict"), "Last seen at");
    await waitForText(overall(page), "No contact to the device");
  },

  // How often pictures come is measured and not taken from the settings.
  async pace() {
    const [page, device] = await played();
    await go(page, "device");
    const pictures = page.locator("#facts");
    Object.assign(device.state, { interval_s: 3, picture_every_s: 3.1 });
    await device.find();
    await waitForText(pictures, "every 3 s");
    must(!(await pictures.innerText()).includes("timer asks"), "A timer in time is called slow.");
    Object.assign(device.state, { picture_every_s: 9.2 });
    await device.find();
    await waitForText(pictures, "every 9 s; the timer asks every 3 s");
    const text = await page.locator("#part-device").innerText();
    must(!text.includes("tiny") && !text.includes("MB of"), `Words for engineers are not behind Details: ${text}`);
    await page.locator("#part-device .more summary").first().click();
    await waitForText(page.locator("#facts-more"), "tiny");
    await look(page, "truth-device");
  },

  // Titles of cards beside each other are on one line, a wide screen is used, and names are told apart by their ends.
  async shape() {
    for (const [bay, name] of [[withoutPlaces, "one"], [bayOf(), "places"]]) {
      const [page] = await played(bay, WIDE);
      await page.locator(bay === withoutPlaces ? "#invite" : "#todo").waitFor();
      for (const part of ["shelf", "review", "products", "device"]) {
        await go(page, part);
        const titles = await page.locator(`#part-${part} .columns`).evaluateAll(rows => rows.filter(row => row.checkVisibility()).map(row => [row, row.lastElementChild].map(each => each.querySelector(".card-head:has(h2)")).filter(head => head?.checkVisibility()).map(head => { const box = head.querySelector("h2").getBoundingClientRect(); return Math.round(box.top + box.height / 2); })));
        for (const row of titles.filter(row => row.length > 1)) must(Math.max(...row) - Math.min(...row) <= 2, `Titles in ${part} are at ${row.join(" and ")}.`);
        const box = await page.locator("main").boundingBox();
        must(box.width > 1600, `At 1920 pixels ${part} is ${box.width} wide.`);
        await look(page, `wide-${name}-${part}`);
      }
    }
    const [page] = await played();
    const [first, second] = await page.evaluate(async () => {
      const { shortName } = await import("/format.js");
      const name = "Whole grain organic crispbread with sesame and sea salt from the northern bakery, family pack of ";
      return [shortName(`${name}500 g`), shortName(`${name}250 g`)];
    });
    must(first !== second && first.length < 80 && first.endsWith("500 g"), `Two names are cut to ${first} and ${second}.`);
    must(await page.locator("#history .name").first().evaluate(each => getComputedStyle(each).whiteSpace) === "normal" || await page.locator("#history .name").count() === 0, "A name is cut where it differs.");
  },

  // Each language shows the page in its own words, and the choice on the page is remembered.
  async languages() {
    for (const [language, title] of [["sv-SE", "På hyllan nu"], ["de-DE", "Jetzt im Regal"], ["zh-CN", "货架现状"]]) {
      const [page] = await played(bayOf(), { locale: language });
      await waitForText(page.locator("#now-title"), title);
      await page.locator("#todo-list li").first().waitFor();
      const english = await page.evaluate(() => ["belongs", "since", "place ", "Shelf", "Look now"].filter(word => document.querySelector("main").innerText.includes(word)));
      must(english.length === 0, `In ${language} stands ${english.join(", ")}.`);
      await look(page, `language-${language}`);
      const [phone] = await played(bayOf(), { ...PHONE, locale: language, colorScheme: "dark" });
      await waitForText(phone.locator("#now-title"), title);
      await look(phone, `language-${language}-phone`);
      await go(phone, "review");
      await look(phone, `language-${language}-phone-review`);
    }
    const [page] = await played(bayOf(), { locale: "fi-FI" });
    await waitForText(page.locator("#now-title"), "On the shelf now");
    await Promise.all([page.waitForEvent("load"), page.locator("#language").selectOption("de")]);
    await waitForText(page.locator("#now-title"), "Jetzt im Regal");
    must(await page.locator("html").getAttribute("lang") === "de", "The page does not say its language.");
    await page.reload();
    await waitForText(page.locator("#now-title"), "Jetzt im Regal");
  },

  // The day as hours; a picture in full with the one before and after it, enlarged.
  async day() {
    const hours = [];
    const result = { ...(await (await fetch(new URL("/api/state", process.argv[3]))).json()).last_result };
    const start = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const results = Array.from({ length: 24 * 4 }, (_, i) => ({ ...result, seq: 1000 + i, captured_at: new Date(start - (23 - Math.floor(i / 4)) * 3_600_000 + (i % 4) * 60_000).toISOString(), needs_review: i % 9 === 0 }));
    for (let i = 0; i < 24; i++) if (i !== 5) hours.push({ from: new Date(start - (23 - i) * 3_600_000).toISOString(), pictures: 4 + i % 5, need_review: i % 7 === 0 ? 1 : 0 });
    const before = async page => {
      await page.route(url => url.pathname === "/api/history", route => route.fulfill({ contentType: "application/json", body: JSON.stringify({ hours }) }));
      await page.route(url => url.pathname === "/api/history/results", route => {
        const query = new URL(route.request().url()).searchParams;
        const [from, to] = ["from", "to"].map(name => Date.parse(query.get(name)));
        route.fulfill({ contentType: "application/json", body: JSON.stringify({ results: results.filter(each => Date.parse(each.captured_at) >= from && Date.parse(each.captured_at) < to), pictures: [], kept: [] }) });
      });
      await page.route(/\/api\/history\/\d+\/picture.jpg/, route => route.fulfill({ contentType: "image/jpeg", path: file }));
    };
    for (const [options, name] of [[{}, "desktop"], [PHONE, "phone"], [{ ...PHONE, colorScheme: "dark" }, "phone-dark"], [{ ...WIDE, colorScheme: "dark" }, "wide-dark"]]) {
      const [page] = await openPlayed(withoutPlaces, { picture: file, options, before });
      await go(page, "review");
      const bars = page.locator("#hours button");
      await until(async () => await bars.count() === 24, "There are not 24 hours.");
      must(await bars.nth(5).isDisabled(), "An hour without a picture can be chosen.");
      // One whose name stands on the bar, because the name must be read on the mark too.
      const named = await bars.evaluateAll(all => all.findIndex((bar, at) => at > 7 && bar.querySelector(".hour").textContent));
      await bars.nth(named).click();
      await waitForText(page.locator("#history-count"), "4 pictures of this hour");
      must(await bars.nth(named).getAttribute("aria-pressed") === "true", "The chosen hour is not marked.");
      await page.locator("#history img").first().evaluate(each => each.decode());
      await look(page, `day-${name}`);
      await page.locator("#history button").nth(1).click();
      await waitForText(page.locator("#detail-position"), "3 of 4");
      await page.locator("#detail-later").click();
      await waitForText(page.locator("#detail-position"), "4 of 4");
      must(await page.locator("#detail-later").isDisabled(), "After the last picture there is another one.");
      await page.locator("#detail-earlier").focus();
      await page.keyboard.press("ArrowLeft");
      await waitForText(page.locator("#detail-position"), "3 of 4");
      const width = async () => (await page.locator("#detail-stage").boundingBox()).width;
      const whole = await width();
      await page.locator("#detail-zoom button").last().click();
      await until(async () => await width() > whole * 1.4, "The picture does not get larger.");
      must(!(await page.locator("#detail").innerText()).includes("network"), "Words for engineers are not behind Details.");
      await look(page, `day-detail-${name}`);
      await page.keyboard.press("Escape");
      await page.locator("#hours-latest").click();
      await waitForText(page.locator("#history-count"), "taken since the service started");
      // The arrow keys go from hour to hour, past those without a picture.
      await bars.nth(6).focus();
      await page.keyboard.press("ArrowLeft");
      must(await bars.nth(4).evaluate(each => each === document.activeElement), "The arrow does not go to the hour before.");
    }
  },
};

await run(checks);
