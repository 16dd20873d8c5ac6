// The first steps at a new shelf: draw the places, say what belongs there, teach how it looks. The card goes when all is done.
import { ask } from "../ask.js";
import { onState } from "../device.js";
import { $, element, icon, setText } from "../dom.js";
import { plural } from "../format.js";
import { openEditor } from "../editor/editor.js";
import { leftOut } from "../effect.js";
import { preview, teachAndTell } from "../teaching.js";
import { notify } from "../notices.js";
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
  const products = new Set(expected.map(slot => slot.expected.label));
  const known = new Set(taught.map(slot => slot.expected.label));
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
    step(false, known.size ? `${known.size} of ${plural(products.size, "product")} taught` : "Teach how it looks", expected.length === 0 ? [] : [
      ["Everything is in its place", everythingIsRight, "primary"], ["These places are empty", beginSelecting],
    ], expected.length ? "Fill the shelf, then press the first button. If some places are empty, say which ones first." : ""));
}

function step(isDone, text, buttons = [], hint = "") {
  return element("li", { data: { done: isDone ? "yes" : "no" } }, element("span", { className: "tick", attributes: { "aria-hidden": "true" } }, ...(isDone ? [icon("match")] : [])),
    element("div", {}, element("strong", { textContent: text }), ...(isDone ? [element("span", { className: "unseen", textContent: ", done" })] : []),
      ...(hint ? [element("p", { className: "small muted", textContent: hint })] : []),
      ...(buttons.length ? [element("div", { className: "actions" }, ...buttons.map(([label, onclick, className = ""]) => element("button", { type: "button", textContent: label, className, onclick: () => onclick() })))] : [])));
}

// Each place becomes an example of its product, except those that are known to be empty and those that the device cannot see.
async function everythingIsRight() {
  const places = bay.slots.filter(slot => slot.expected && slot.verdict !== "empty").map(slot => slot.slot);
  const empty = bay.slots.filter(slot => slot.expected && slot.verdict === "empty").length;
  const lesson = { slots: places, expected: true };
  const seen = await preview(lesson);
  const notAdded = (seen.ok ? seen.data : seen.details)?.not_added ?? [];
  const left = leftOut(notAdded.filter(each => each.code !== "known"));
  if (!seen.ok && !notAdded.length) {
    notify(seen.problem, { level: "error" });
    return;
  }
  const count = seen.ok ? seen.data.added.length : 0;
  if (count === 0) {
    notify(left || "Nothing new: the device knows all of this.", { level: left ? "error" : "" });
    return;
  }
  const answer = await ask({
    title: "Is everything in its place?",
    text: [
      `The device takes the last clear look of ${plural(count, "place")} as an example of the product that belongs there.`,
      ...(empty ? [`${plural(empty, "place that is", "places that are")} empty ${empty === 1 ? "is" : "are"} left out.`] : []),
      ...(left ? [left] : []),
      "Do this only when no other place is wrong. You can undo it.",
    ],
    buttons: [{ label: "Yes, learn this", value: "yes", kind: "primary" }, { label: "Not now", value: null }],
  });
  if (answer === "yes") await teachAndTell(lesson, count => `Learned from ${plural(count, "place")}. The next look knows it.`);
}
