// A device with slots, played by the check: the documents of the shelf are made here, so that each verdict and each state of the view can be looked at
// without a network that gives it. The page, its policy and everything else are those of the service.
import { readFileSync } from "node:fs";
import { open } from "./browser.mjs";

const MINUTE = 60_000;
const ago = ms => new Date(Date.now() - ms).toISOString();

// Eight places on two shelves. Their order here is not that of a walk along the shelf.
const PLACES = [
  ["2-03", "plum", "unknown"], ["1-01", "pear", "match"], ["2-01", "pear", "empty"], ["1-03", "plum", "mismatch"],
  ["2-02", "pear", "match"], ["1-02", "pear", "match"], ["2-04", "plum", "match"], ["1-04", null, "unchecked"],
];
const PRODUCTS = { pear: { label: "pear", name: "Green pears", sku: "0012" }, plum: { label: "plum", name: null, sku: null } };
const CHERRY = { label: "cherry", name: null, sku: "77", gtin: "4006381333931" };

// The document of /api/products/{label}, of a product about which there is nothing to say. `change(figures)` makes it a different one.
export function figuresOf(label, ids, change = () => {}) {
  const figures = {
    label, name: null, sku: null, gtin: null, examples: ids.length, example_ids: ids, places: ids.length, judged: 0, right: 0, taken_for: [], enough: false,
    advice: ["There is one example. Teach it a second time."], advice_codes: [{ code: "one-example", missed: null, judged: null, looks_like: null }], suspects: [], duplicates: [], same_as: [],
  };
  change(figures);
  return figures;
}

export const slotOf = ([slot, label, verdict]) => {
  const [shelf, position] = slot.split("-").map(Number);
  return {
    slot, shelf, position, region: { x: 0.05 + 0.23 * (position - 1), y: 0.05 + 0.48 * (shelf - 1), width: 0.2, height: 0.42 }, expected: label && PRODUCTS[label],
    verdict, seen: { match: label, mismatch: "cherry" }[verdict] ?? null, since: ago(90 * MINUTE), last_seen_at: ago(5000), covered_since: null, examples: label ? 1 : 0,
  };
};

// The document of /api/shelf. `change(bay)` makes it a different one.
export function bayOf(change = () => {}) {
  const bay = {
    schema: 1, device: "shelf-07", planogram: { name: "bay-4", version: "12" }, view: "clear", view_since: ago(60 * MINUTE), last_look_at: ago(5000),
    slots: PLACES.map(slotOf), changes: [{ slot: "1-03", from: "match", to: "mismatch", seen: "cherry", since: ago(90 * MINUTE), before_s: 7200 }],
  };
  change(bay);
  const expected = bay.slots.filter(slot => slot.expected);
  const judged = expected.filter(slot => slot.verdict !== "unchecked");
  const available = judged.filter(slot => slot.verdict === "match");
  const day = judged.length === 0 ? [] : Array.from({ length: 8 }, (_, i) => ({ at: ago((8 - i) * 15 * MINUTE), availability: i === 3 ? 0.5 : 1 }));
  return { ...bay, availability: judged.length ? available.length / judged.length : null, expected: expected.length, available: available.length, judged: judged.length, day };
}

const explainOf = slot => ({
  threshold: 0.4, margin: 0.05, empty_threshold: 0.3, expected_likeness: slot.expected ? 0.33 : null, empty_likeness: 0.1,
  top: [{ label: "cherry", likeness: 0.71 }, { label: "pear", likeness: 0.22 }, { label: "kiwi", likeness: 0.2 }], reason: "The likeness to what is expected is 0.33; 0.40 is needed.",
});

// The document of /api/model. `changes` are fields that differ.
export const modelOf = (changes = {}) => ({
  name: "grocery-81", in_use: { name: "grocery-81", version: "1.3.0" }, predecessor: null, problem: null, examples: 1, ready_products: 0,
  job: { state: "idle", progress: 0, step: null, started_at: null, ended_at: null, problem: null }, last: null, ...changes,
});

// Opens the page in front of such a device. `device.bay` is its document, `device.asked` what the page has asked it to do, `device.send()` tells the
// page of a change, `device.lose()` breaks the connection. `device.effect` is what each teaching would change, `device.notAdded` what is left out of it. `picture` is the file of a JPEG for crops, `before(page)` is called before the page is loaded.
export async function openPlayed(bay, { picture, options = {}, before = () => {} }) {
  const device = {
    bay, asked: [], examples: [{ id: 1, label: "pear", slot: "1-01", at: ago(MINUTE) }], refuse: null, effect: { changes: [], worse: [] }, notAdded: [],
    figures: [figuresOf("pear", [1])], model: modelOf(),
  };
  const page = await open({ ...options, before: async page => { await before(page); await play(page, device, readFileSync(picture)); } });
  device.send = () => page.evaluate(({ day, ...shelf }) => window.played.tell("shelf", shelf), device.bay);
  device.lose = () => page.evaluate(() => window.played.onerror());
  device.find = () => page.evaluate(state => window.played.tell("state", state), device.state);
  device.state = await (await page.request.get(new URL("/api/state", page.url()).href)).json();
  device.state.troubles = [];
  await device.find();
  return [page, device];
}

async function play(page, device, jpeg) {
  // The stream of events, which the check fills.
  await page.addInitScript(() => {
    window.EventSource = class extends EventTarget {
      static CLOSED = 2;
      readyState = 1;
      constructor() {
        super();
        window.played = this;
      }
      tell(type, data) {
        this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
      }
    };
  });
  const answer = (path, make) => page.route(url => path.test(url.pathname), async route => {
    const request = route.request();
    if (request.method() !== "GET") device.asked.push(`${request.method()} ${new URL(request.url()).pathname} ${request.postData() ?? ""}`.trim());
    if (device.refuse && request.method() !== "GET") await route.fulfill({ status: device.refuse.status, contentType: "application/problem+json", body: JSON.stringify(device.refuse) });
    else await route.fulfill(make(request));
  });
  const json = body => ({ contentType: "application/json", body: JSON.stringify(body) });
  const named = request => decodeURIComponent(new URL(request.url()).pathname.split("/")[4]);
  await answer(/^\/api\/shelf$/, () => json(device.bay));
  await answer(/^\/api\/shelf\/slots\/[^/]+$/, request => {
    const slot = device.bay.slots.find(slot => slot.slot === named(request));
    return json({ ...slot, explain: explainOf(slot), changes: device.bay.changes.filter(change => change.slot === slot.slot) });
  });
  await answer(/crop\.jpg$/, () => ({ contentType: "image/jpeg", body: jpeg }));
  await answer(/^\/api\/examples\/[^/]+$/, () => json({ step: { step: 7 } }));
  await answer(/^\/api\/examples\/figures$/, () => json({ products: device.figures }));
  await answer(/^\/api\/examples(\/preview)?$/, request => {
    if (request.method() === "GET") return json({ examples: device.examples, products: [{ ...PRODUCTS.pear, gtin: null, examples: 1 }] });
    const { slots, label } = request.postDataJSON();
    const taught = slots.filter(slot => !device.notAdded.some(each => each.slot === slot));
    const added = taught.map((slot, i) => ({ id: 100 + i, slot, label: label ?? device.bay.slots.find(each => each.slot === slot).expected.label }));
    return json({ step: request.url().endsWith("preview") ? null : { step: 7 }, added, moved: [], not_added: device.notAdded, effect: device.effect });
  });
  await answer(/^\/api\/products$/, request => {
    const text = (new URL(request.url()).searchParams.get("search") ?? "").toLowerCase();
    return json({ products: [...Object.values(PRODUCTS), CHERRY].filter(product => JSON.stringify(Object.values(product)).toLowerCase().includes(text)).map(product => ({ ...product, examples: 1 })) });
  });
  await answer(/^\/api\/products\/[^/]+(\/[a-z]+)?$/, request => {
    if (request.method() !== "GET") return json({ step: { step: 8 }, effect: device.effect });
    const label = decodeURIComponent(new URL(request.url()).pathname.split("/")[3]);
    return json(device.figures.find(product => product.label === label));
  });
  await answer(/^\/api\/model(\/[a-z]+)?$/, () => json(device.model));
  await answer(/^\/api\/slots\/view$/, request => json({ moved: 6, lost: ["1-01", "1-02"], before: 7, slots: { schema: 1, version: request.postDataJSON().accept ? 8 : 7, reference: null, slots: [] } }));
  await answer(/^\/api\/slots\/rollback$/, () => json({ schema: 1, version: 9, reference: null, slots: [] }));
}
