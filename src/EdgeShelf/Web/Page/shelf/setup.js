// The first steps at a new shelf: draw the places, say what belongs there, teach how it looks. The card goes when all is done.
import { ask } from "../ask.js";
import { onState } from "../device.js";
import { $, element, icon, setText } from "../dom.js";
import { openEditor } from "../editor/editor.js";
import { leftOut } from "../effect.js";
import { preview, teachAndTell } from "../teaching.js";
import { notify } from "../notices.js";
import { onBay } from "./bay.js";
import { beginSelecting } from "./selecting.js";
import { t } from "../texts.js";

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
  setText($("invite-text"), t(hasPicture ? "invite.text" : "invite.no-picture"));
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
    step(true, t("setup.drawn", { count: slots.length })),
    step(expected.length > 0, expected.length ? t("setup.have-product", { count: expected.length }) : t("setup.say-product"), expected.length ? [] : [[t("setup.choose"), openEditor, "primary"]]),
    step(false, known.size ? t("setup.taught", { known: known.size, count: products.size }) : t("setup.teach"), expected.length === 0 ? [] : [
      [t("now.all-right"), everythingIsRight, "primary"], [t("now.some-empty"), beginSelecting],
    ], expected.length ? t("setup.hint") : ""));
}

function step(isDone, text, buttons = [], hint = "") {
  return element("li", { data: { done: isDone ? "yes" : "no" } }, element("span", { className: "tick", attributes: { "aria-hidden": "true" } }, ...(isDone ? [icon("match")] : [])),
    element("div", {}, element("strong", { textContent: text }), ...(isDone ? [element("span", { className: "unseen", textContent: t("setup.done") })] : []),
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
    notify(left || t("nothing-new"), { level: left ? "error" : "" });
    return;
  }
  const answer = await ask({
    title: t("setup.ask"),
    text: [
      t("setup.takes", { count }),
      ...(empty ? [t("setup.left-empty", { count: empty })] : []),
      ...(left ? [left] : []),
      t("setup.only-when"),
    ],
    buttons: [{ label: t("setup.yes"), value: "yes", kind: "primary" }, { label: t("not-now"), value: null }],
  });
  if (answer === "yes") await teachAndTell(lesson, count => t("setup.learned", { count }));
}
