// The places on the picture, as boxes that are drawn, moved and resized by finger, pen or mouse.
import { $, element, keepElements } from "../dom.js";
import { productName } from "../format.js";
import { makeViewer } from "../viewer.js";
import { between, resized } from "./drawing.js";
import { inWalkingOrder } from "../shelf/verdicts.js";

const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const NEAR_PIXELS = 120;    // a double click enlarges a place to this width
const HOLD_MS = 450;        // a finger that rests on a place for so long adds it to the selection
const TAP_PIXELS = 6;       // a finger that moved less has tapped

let drawing;                // the Drawing that is shown
let tool = "select";
let area = null;            // the region of the grid, or null
let drag = null;            // what the pointer does now
let dragNumber = 0;
let viewer;
let events;                 // see `start`

// `events` are called for what the drawing does not know: drawn(region), tapped(point), areaChanged(region).
export function start(given) {
  events = given;
  viewer = makeViewer({ scroller: $("editor-scroller"), stage: $("editor-stage"), image: $("editor-frame"), buttons: $("editor-zoom"), maxHeight: () => $("editor-scroller").clientHeight });
  const boxes = $("editor-boxes");
  boxes.addEventListener("pointerdown", press);
  boxes.addEventListener("pointermove", move);
  boxes.addEventListener("pointerup", release);
  boxes.addEventListener("pointercancel", cancel);
  // A finger that rests on a place would open the browser's menu.
  boxes.addEventListener("contextmenu", event => event.preventDefault());
  boxes.addEventListener("dblclick", () => { if (tool === "select") revealSelected(NEAR_PIXELS); });
  // The Tab key goes from place to place; a press of the mouse has selected already.
  boxes.addEventListener("focusin", ({ target }) => { if (target.matches(".box:focus-visible") && !drawing.selected.has(idOf(target))) drawing.select([idOf(target)]); });
}

export function show(shown, picture) {
  drawing = shown;
  if ($("editor-frame").getAttribute("src") !== picture) $("editor-frame").src = picture;
  viewer.whole();
}

export function setTool(next) {
  tool = next;
  $("editor-stage").dataset.tool = tool;
}

// Shows a grid: its area with handles, and its cells. Null takes it away.
export function showGrid(region, cells = []) {
  area = region;
  keepElements(layer("cells"), cells.map((cell, i) => ({ ...cell, i })), cell => cell.i, () => element("div", { className: "cell" }), lay);
  showHandles();
}

// Shows the drawing as it is now. `problems` are names of places that the device has refused.
export function refresh(problems = new Set()) {
  keepElements(layer("box-list"), inWalkingOrder(drawing.places), place => place.id, makeBox, (box, place) => {
    lay(box, place);
    const product = place.label ? productName(drawing.products.find(product => product.label === place.label) ?? place) : "";
    const isSelected = drawing.selected.has(place.id);
    box.setAttribute("aria-pressed", String(isSelected));
    box.dataset.product = product ? "yes" : "no";
    box.dataset.problem = problems.has(place.slot) ? "yes" : "no";
    const label = `${place.slot}: ${product || "no product"}${problems.has(place.slot) ? ", not saved because of a problem" : ""}`;
    if (box.ariaLabel !== label) {
      box.ariaLabel = label;
      box.replaceChildren(element("b", { textContent: place.slot }), element("span", { textContent: product }));
    }
  });
  showHandles();
}

// Brings the selected places into view.
export function revealSelected(minPixels = 0) {
  const [place] = drawing.chosen;
  if (place) viewer.reveal(place, minPixels);
}

export function focusSelected() {
  const [place] = drawing.chosen;
  if (place) layer("box-list").querySelector(`[data-key="${place.id}"]`)?.focus({ preventScroll: true });
}

// The size of a pixel of the screen, in fractions of the picture.
export const pixel = () => ({ x: 1 / $("editor-stage").clientWidth, y: 1 / $("editor-stage").clientHeight });

// The middle of what can be seen, in fractions of the picture.
export function middle() {
  const [view, stage] = [$("editor-scroller").getBoundingClientRect(), $("editor-stage").getBoundingClientRect()];
  return { x: (view.left + view.width / 2 - stage.left) / stage.width, y: (view.top + view.height / 2 - stage.top) / stage.height };
}

// Ends what the pointer is doing, as if it had not begun. Returns whether it was doing something.
export function cancel() {
  const was = drag;
  drag = null;
  clearTimeout(was?.hold);
  if (was?.kind === "draw") layer("rubber").replaceChildren();
  if ((was?.kind === "move" || was?.kind === "resize") && was.hasMoved) drawing.undo();
  return was !== null;
}

const idOf = box => Number(box.dataset.key);

function layer(className) {
  const boxes = $("editor-boxes");
  let found = boxes.querySelector(`:scope > .${className}`);
  if (!found) {
    boxes.append(...["cells", "box-list", "rubber", "handles"].map(name => element("div", { className: name })));
    found = boxes.querySelector(`:scope > .${className}`);
  }
  return found;
}

function makeBox() {
  return element("button", { type: "button", className: "box" });
}

function lay(target, { x, y, width, height }) {
  Object.assign(target.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
}

// One selected place, or the area of the grid, has handles. While places are drawn they would be in the way of the next one.
function showHandles() {
  const region = area ?? (tool === "select" && drawing.selected.size === 1 ? drawing.chosen[0] : null);
  const handles = layer("handles");
  handles.hidden = !region;
  if (!region) return;
  lay(handles, region);
  if (handles.children.length === 0) handles.append(...HANDLES.map(edges => element("i", { className: "handle", data: { edges } })));
  handles.dataset.area = area ? "yes" : "no";
}

function pointOf(event) {
  const stage = $("editor-stage").getBoundingClientRect();
  return { x: (event.clientX - stage.left) / stage.width, y: (event.clientY - stage.top) / stage.height };
}

function press(event) {
  if (event.button !== 0) return;
  if (!event.isPrimary || viewer.isPinching()) {
    cancel();
    return;
  }
  const at = pointOf(event);
  const handle = event.target.closest(".handle");
  const box = event.target.closest(".box");
  const start = { at, x: event.clientX, y: event.clientY, hasMoved: false, key: `drag-${++dragNumber}` };
  if (handle) drag = { ...start, kind: area ? "area" : "resize", edges: handle.dataset.edges, region: area ?? drawing.chosen[0] };
  else if (area && isInside(at, area)) drag = { ...start, kind: "area", edges: "", region: area };
  else if (tool !== "select") drag = { ...start, kind: "draw" };
  else if (box) drag = pressBox(event, idOf(box), start);
  else drag = { ...start, kind: event.pointerType === "mouse" ? "pan" : "tap" };
  // Boxes are buttons, and the browser would begin to select text or drag the picture.
  if (drag?.kind !== "tap") $("editor-boxes").setPointerCapture(event.pointerId);
}

// A finger first selects a place and then moves it, so that the picture can be moved with a finger anywhere; the mouse does both at once.
function pressBox(event, id, start) {
  if (event.shiftKey || event.ctrlKey || event.metaKey) {
    drawing.toggle(id);
    return { ...start, kind: "none" };
  }
  const isMouse = event.pointerType === "mouse";
  const wasSelected = drawing.selected.has(id);
  if (isMouse && !wasSelected) drawing.select([id]);
  const hold = isMouse ? 0 : setTimeout(() => add(id, start), HOLD_MS);
  return { ...start, kind: isMouse || wasSelected ? "move" : "tap", last: start.at, tapped: id, hold };
}

// A finger was held on a place.
function add(id, { key }) {
  if (drag?.key !== key || drag.hasMoved) return;
  drag.kind = "none";
  drawing.toggle(id);
  navigator.vibrate?.(15);
}

const isInside = ({ x, y }, region) => x >= region.x && x <= region.x + region.width && y >= region.y && y <= region.y + region.height;

function move(event) {
  if (!drag) return;
  if (!drag.hasMoved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < TAP_PIXELS) return;
  const at = pointOf(event);
  switch (drag.kind) {
    case "resize": drawing.update(() => resized(drag.region, drag.edges, at), drag.key); break;
    case "move":
      drawing.move(at.x - drag.last.x, at.y - drag.last.y, drag.key);
      drag.last = at;
      break;
    case "area": events.areaChanged(drag.edges ? resized(drag.region, drag.edges, at) : moved(drag.region, at.x - drag.at.x, at.y - drag.at.y)); break;
    case "draw": showRubber(between(drag.at, at)); break;
    case "pan":
      $("editor-scroller").scrollLeft -= event.movementX;
      $("editor-scroller").scrollTop -= event.movementY;
      break;
  }
  drag.hasMoved = true;
  clearTimeout(drag.hold);
}

const moved = (region, dx, dy) => ({ ...region, x: Math.max(0, Math.min(1 - region.width, region.x + dx)), y: Math.max(0, Math.min(1 - region.height, region.y + dy)) });

function showRubber(region) {
  const rubber = layer("rubber").firstElementChild ?? layer("rubber").appendChild(element("div", { className: "cell" }));
  lay(rubber, region);
}

function release(event) {
  const was = drag;
  drag = null;
  if (!was) return;
  clearTimeout(was.hold);
  const at = pointOf(event);
  if (was.kind === "draw") {
    layer("rubber").replaceChildren();
    const region = between(was.at, at);
    const { x, y } = pixel();
    if (was.hasMoved && region.width > TAP_PIXELS * x && region.height > TAP_PIXELS * y) events.drawn(region);
    else events.tapped(at);
  } else if (!was.hasMoved && (was.kind === "tap" || was.kind === "pan" || was.kind === "move")) {
    drawing.select(was.tapped === undefined ? [] : [was.tapped]);
  }
}
