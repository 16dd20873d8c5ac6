// The first steps at a new shelf: draw the places, say what belongs there, teach how it looks. The card goes when all is done.
import { ask } from "../ask.js";
import { onState } from "../device.js";
import { $, element, icon, setText } from "../dom.js";
import { plural } from "../format.js";
import { openEditor } from "../editor/editor.js";
import { teachAndTell } from "../teaching.js";
import { onBay } from "./bay.js";
import { beginSelecting } from "./selecting.js";

let bay = null;
let hasPicture = false;

export function start() {
  onBay(next => { bay = next; show(); });
  onState(state => { hasPicture = Boolean(state.last_result); show(); });
  $("invite-draw").addEventListener("click", () => openEditor());
  $("edit").addEventListener("click", () => openEditor());
  $("all-right").addEventListener("click", everythingIsRight);
}

function show() {
  if (!bay) return;
  const { slots } = bay;
  $("invite").hidden = slots.length > 0;
  $("invite-draw").disabled = !hasPicture;
  setText($("invite-text"), hasPicture ? "Draw the places on the latest picture, and EdgeShelf says what is missing in each of them." : "Take a picture first. Then draw the places on it, and EdgeShelf says what is missing in each of them.");
  const expected = slots.filter(slot => slot.expected);
  const taught = expected.filter(slot => slot.examples > 0);
  const isDone = slots.length === 0 || expected.length > 0 && taught.length === expected.length;
  // While the steps are shown they have these buttons.
  $("all-right").hidden = $("some-empty").hidden = expected.length === 0 || !isDone;
  $("setup").hidden = isDone;
  if (isDone) return;
  const key = [slots.length, expected.length, taught.length].join();
  if ($("setup-steps").dataset.key === key) return;
  $("setup-steps").dataset.key = key;
  $("setup-steps").replaceChildren(
    step(true, `${plural(slots.length, "place")} drawn`),
    step(expected.length > 0, expected.length ? `${plural(expected.length, "place has", "places have")} a product` : "Say which product belongs in each place", expected.length ? [] : [["Choose products", openEditor, "primary"]]),
    step(false, taught.length ? `${taught.length} of ${expected.length} products' looks are taught` : "Teach how it looks", expected.length === 0 ? [] : [
      ["Everything is in its place", everythingIsRight, "primary"], ["These places are empty", beginSelecting],
    ], expected.length ? "Fill the shelf, then press the first button. If some places are empty, say which ones first." : ""));
}

function step(isDone, text, buttons = [], hint = "") {
  return element("li", { data: { done: isDone ? "yes" : "no" } }, element("span", { className: "tick", attributes: { "aria-hidden": "true" } }, ...(isDone ? [icon("match")] : [])),
    element("div", {}, element("strong", { textContent: text }), ...(isDone ? [element("span", { className: "unseen", textContent: ", done" })] : []),
      ...(hint ? [element("p", { className: "small muted", textContent: hint })] : []),
      ...(buttons.length ? [element("div", { className: "actions" }, ...buttons.map(([label, onclick, className = ""]) => element("button", { type: "button", textContent: label, className, onclick: () => onclick() })))] : [])));
}

// Each place becomes an example of its product, except those that are known to be empty.
async function everythingIsRight() {
  const places = bay.slots.filter(slot => slot.expected && slot.verdict !== "empty").map(slot => slot.slot);
  const empty = bay.slots.filter(slot => slot.expected && slot.verdict === "empty").length;
  const answer = await ask({
    title: "Is everything in its place?",
    text: [
      `The device takes the last clear look of ${plural(places.length, "place")} as an example of the product that belongs there.`,
      ...(empty ? [`${plural(empty, "place that is", "places that are")} empty ${empty === 1 ? "is" : "are"} left out.`] : []),
      "Do this only when no other place is wrong. You can undo it.",
    ],
    buttons: [{ label: "Yes, learn this", value: "yes", kind: "primary" }, { label: "Not now", value: null }],
  });
  if (answer === "yes") await teachAndTell({ slots: places, expected: true }, count => `Learned from ${plural(count, "place")}. The next look knows it.`);
}
