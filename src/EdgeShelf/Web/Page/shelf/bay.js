// The state of the bay, as the device knows it: the document of /api/shelf. Everything on the page that speaks of places asks here.
import { request } from "../api.js";
import { onShelf, onState } from "../device.js";
import { productName, sentence, nameOf } from "../format.js";
import { t } from "../texts.js";

const DAY_EVERY_MS = 300_000;   // the chart of the day has one point each quarter of an hour

const listeners = [];
const nameListeners = [];
const names = new Map();        // of products that do not belong on this shelf, by label
const asked = new Set();        // labels whose names were asked for
let bay = null;
let told = 0;                   // how often the device told of a change

// `listener(bay)` is called with each new document.
export function onBay(listener) {
  listeners.push(listener);
}

// The latest document, or null while there is none.
export const bayNow = () => bay;

export const slotOf = name => bay?.slots.find(slot => slot.slot === name);

export function start() {
  onShelf(shelf => { told++; set({ ...shelf, day: bay?.day ?? [] }); });
  onState((_, isNewConnection) => { if (isNewConnection) load(); });
  setInterval(load, DAY_EVERY_MS);
}

// Reads the whole document again, after an action of this page or a lost connection.
export async function load() {
  const before = told;
  const answer = await request("/api/shelf");
  // What the device told meanwhile is newer than the answer, which has only the day besides.
  if (answer.ok) set(told === before ? answer.data : { ...bay, day: answer.data.day });
}

// The name of a label for people. The bay's own products have names.
export function nameOfLabel(label) {
  if (label === "empty") return t("empty-place");
  const product = bay?.slots.find(slot => slot.expected?.label === label)?.expected;
  return product ? productName(product) : names.get(label) ?? sentence(nameOf(label));
}

// `listener()` is called when the page has learned names of products.
export function onNames(listener) {
  nameListeners.push(listener);
}

// Products of which the page has heard.
export function learnNames(products) {
  for (const { label, name } of products) {
    asked.add(label);
    if (name) names.set(label, name);
    else names.delete(label);
  }
  for (const listener of nameListeners) listener();
}

// Asks for the names of products that are shown by their labels: what stands in a wrong place, or what the network recognized.
export async function wantNames(labels) {
  const unknown = labels.filter(label => label && label !== "empty" && !asked.has(label) && !bay?.slots.some(slot => slot.expected?.label === label));
  if (unknown.length === 0) return;
  for (const label of unknown) asked.add(label);
  const answer = await request("/api/products");
  if (!answer.ok) return;
  learnNames(answer.data.products);
  if (bay) set(bay);
}

function set(next) {
  bay = next;
  wantNames(bay.slots.map(slot => slot.seen));
  for (const listener of listeners) listener(bay);
}
