// The form of the grid: how many rows and columns, how wide the gaps are, and the number of the first shelf.
import { $, element, setText } from "../dom.js";
import * as canvas from "./canvas.js";
import { clipped } from "./drawing.js";
import { cellsOf, placesOf } from "./grid.js";
import { shelfFor } from "./naming.js";
import { t } from "../texts.js";

const FIELDS = [
  { name: "columns", label: "editor.columns", min: 1, max: 40, step: 1 },
  { name: "rows", label: "editor.rows", min: 1, max: 12, step: 1 },
  { name: "gap", label: "editor.gap", min: 0, max: 50, step: 2 },
  { name: "shelf", label: "editor.first-shelf", min: 1, max: 99, step: 1 },
];

const values = { columns: 6, rows: 1, gap: 4, shelf: 1 };
const GAP_BETWEEN_SHELVES = 0.25;

let area = null;            // null until it was drawn
let drawing = null;         // while the tool is used
let closed;

// `close()` is called when the grid was laid or left.
export function start(close) {
  closed = close;
  $("grid-fields").replaceChildren(...FIELDS.map(fieldOf));
  $("editor-grid").addEventListener("submit", event => { event.preventDefault(); lay(); });
  $("grid-cancel").addEventListener("click", () => closed());
}

export function open(shown) {
  drawing = shown;
  $("editor-grid").hidden = false;
  show();
}

export function close() {
  area = drawing = null;
  $("editor-grid").hidden = true;
  canvas.showGrid(null);
}

export const isOpen = () => drawing !== null;

// Changes the area with the keyboard: `change(area)` gives what is different. The first key lays one over the middle of the picture.
export function moveArea(change) {
  const { x, y } = canvas.middle();
  setArea(clipped(area ? { ...area, ...change(area) } : { x: x - 0.4, y: y - 0.075, width: 0.8, height: 0.15 }));
}

export function setArea(region) {
  area = region;
  if (values.rows === 1) setValue("shelf", shelfFor(region, drawing.places));
  show();
}

const cells = () => cellsOf(area, { rows: values.rows, columns: values.columns, gapX: values.gap / 100, gapY: GAP_BETWEEN_SHELVES });

function show() {
  const count = values.rows * values.columns;
  canvas.showGrid(area, area ? cells() : []);
  $("grid-lay").disabled = !area;
  setText($("grid-hint"), t(area ? "editor.grid-move" : "editor.grid-drag"));
  setText($("grid-lay"), t("editor.lay", { count }));
}

function lay() {
  drawing.add(placesOf(cells(), values.shelf, drawing.places));
  closed();
}

function setValue(name, value) {
  const field = FIELDS.find(each => each.name === name);
  values[name] = Math.max(field.min, Math.min(field.max, Math.round(value) || field.min));
  $(`grid-${name}`).value = values[name];
}

function fieldOf({ name, label, min, max, step }) {
  const input = element("input", { id: `grid-${name}`, type: "number", inputMode: "numeric", min, max, step, value: values[name] });
  input.addEventListener("input", () => { if (input.checkValidity() && input.value !== "") { values[name] = Number(input.value); show(); } });
  input.addEventListener("change", () => { setValue(name, Number(input.value)); show(); });
  const button = (text, change, hint) => element("button", { type: "button", textContent: text, ariaLabel: hint, onclick: () => { setValue(name, values[name] + change); show(); } });
  return element("div", { className: "field" }, element("label", { htmlFor: input.id, textContent: t(label) }),
    element("span", { className: "stepper" }, button("−", -step, t("editor.less", { label: t(label) })), input, button("+", step, t("editor.more", { label: t(label) }))));
}
