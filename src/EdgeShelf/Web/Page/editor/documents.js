// The two documents of the device and the drawing: slots.json says where the places are, planogram.json what belongs in them.
import { request } from "../api.js";
import { bayNow } from "../shelf/bay.js";
import { numbered } from "./naming.js";

// Reads both. Returns { ok, problem, slots, planogram, picture, state }: the documents, the address of the picture on which the places lie, and the
// state with which a drawing begins. The planogram is null when there is none.
export async function read() {
  const [slots, history] = await Promise.all([request("/api/slots"), request("/api/planogram/history")]);
  if (!slots.ok) return slots;
  if (!history.ok) return history;
  // Without a planogram the answer would be an error, which browsers log.
  const planogram = history.data.versions.length > 0 ? await request("/api/planogram") : { ok: true, data: null };
  if (!planogram.ok) return planogram;
  const documents = { slots: slots.data, planogram: planogram.data };
  // The places lie on the picture on which they were drawn. Before there is one they are drawn on the latest picture.
  const picture = documents.slots.slots.length > 0 && documents.slots.reference ? `/api/slots/reference.jpg?version=${documents.slots.version}` : `/api/frame.jpg?at=${Date.now()}`;
  return { ok: true, ...documents, picture, state: stateOf(documents) };
}

function stateOf({ slots, planogram }) {
  const positions = new Map((planogram?.positions ?? []).map(position => [position.slot, position]));
  return {
    places: slots.slots.map(({ slot, shelf, x, y, width, height }) => {
      const position = positions.get(slot);
      return { slot, shelf: shelf ?? position?.shelf ?? null, x, y, width, height, position: position?.position ?? null, label: position?.label ?? null, facings: position?.facings ?? 1 };
    }),
    products: planogram?.products ?? [],
  };
}

// Four digits are a fifth of a pixel of a large picture.
const rounded = value => Math.round(value * 10_000) / 10_000;

export function slotsOf({ places }) {
  return places.map(place => {
    const [x, y] = [rounded(place.x), rounded(place.y)];
    return { slot: place.slot, shelf: place.shelf, x, y, width: Math.min(rounded(place.width), rounded(1 - x)), height: Math.min(rounded(place.height), rounded(1 - y)) };
  });
}

export function planogramOf({ places, products }, before) {
  const used = new Set(places.map(place => place.label));
  const kept = new Set(before?.products.map(product => product.label));
  return {
    schema: 1,
    name: before?.name ?? bayNow()?.device ?? "bay",
    version: nextVersion(before?.version),
    valid_from: before?.valid_from ?? null,
    products: products.filter(product => used.has(product.label) || kept.has(product.label)).map(({ label, name, sku, gtin }) => ({ label, name: name ?? null, sku: sku ?? null, gtin: gtin ?? null })),
    positions: numbered(places).filter(place => place.label).map(({ slot, shelf, position, label, facings }) => ({ slot, shelf, position, label, facings })),
  };
}

// The version of a planogram that was changed on the page: it names the version of the store's backend that it began with.
export function nextVersion(version) {
  const [, base, number] = version?.match(/^(.*?)-?page-(\d+)$/) ?? [, version ?? "", "0"];
  return `${base ? `${base}-` : ""}page-${Number(number) + 1}`;
}

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// Saves what has changed: first where, then what. `loaded` has the documents with which the drawing began and is updated with what the device has
// taken, so that a second try goes on from there. Returns { ok, status, problem, problems, warnings }: the warnings are about what is allowed but
// probably not meant.
export async function save(drawing, loaded) {
  const warnings = [];
  const slots = slotsOf(drawing);
  if (!isSame(slots, slotsOf({ places: loaded.slots.slots }))) {
    const answer = await request("/api/slots", { method: "PUT", json: { schema: 1, if_version: loaded.slots.version, slots } });
    if (!answer.ok) return answer;
    loaded.slots = answer.data;
    warnings.push(...answer.data.warnings ?? []);
  }
  const planogram = planogramOf(drawing, loaded.planogram);
  const isChanged = loaded.planogram ? !isSame([planogram.products, planogram.positions], [loaded.planogram.products, loaded.planogram.positions]) : planogram.positions.length > 0;
  if (!isChanged) return { ok: true, warnings };
  const answer = await request("/api/planogram", { method: "PUT", json: { ...planogram, if_revision: loaded.planogram?.revision ?? 0 } });
  if (answer.ok) loaded.planogram = answer.data;
  // The slots were saved before the planogram, and may have missed what only now belongs in them.
  return { ...answer, warnings: answer.ok ? [...warnings.filter(text => !text.includes("planogram")), ...answer.data.warnings ?? []] : [] };
}

// Sends a CSV file to the document that its columns belong to. Returns the answer and how it can be taken back.
export async function importCsv(file, loaded) {
  const header = (await file.slice(0, 1000).text()).split(/[\r\n]/, 1)[0].toLowerCase();
  const isSlots = /(^|[;,\t"\ufeff])x([;,\t"]|$)/.test(header);
  const path = isSlots ? "/api/slots" : "/api/planogram";
  const before = isSlots ? { version: loaded.slots.version } : { revision: loaded.planogram?.revision };
  const answer = await request(path, { method: "PUT", csv: file });
  return { ...answer, what: isSlots ? "places" : "products", undo: Object.values(before)[0] ? () => request(`${path}/rollback`, { method: "POST", json: before }) : null };
}

// Downloads a document as CSV. Returns the answer.
export async function exportCsv(what) {
  const answer = await request(what === "slots" ? "/api/slots" : "/api/planogram", { headers: { Accept: "text/csv" } });
  if (!answer.ok) return answer;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answer.data], { type: "text/csv" }));
  link.download = `${bayNow()?.device ?? "edgeshelf"}-${what}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return answer;
}
