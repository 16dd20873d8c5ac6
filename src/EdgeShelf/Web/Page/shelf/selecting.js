// Selecting several places on the picture, to say of all of them at once that they are empty or right.
import { $, setText } from "../dom.js";
import { teachAndTell } from "../teaching.js";
import { bayNow, onBay } from "./bay.js";
import { onPlace } from "./places.js";
import { openSlot } from "./slot.js";
import { t } from "../texts.js";

let selected = null;        // names of places, or null while nothing is being selected

export function start() {
  onPlace(name => selected ? toggle(name) : openSlot(name));
  onBay(show);
  $("some-empty").addEventListener("click", beginSelecting);
  $("selecting-cancel").addEventListener("click", end);
  $("selecting-empty").addEventListener("click", () => teachSelected({ label: "empty" }, count => t("selecting.learned-empty", { count })));
  $("selecting-right").addEventListener("click", () => teachSelected({ expected: true }, count => t("selecting.learned", { count })));
  addEventListener("keydown", event => { if (event.key === "Escape" && selected && !document.querySelector("dialog[open]")) end(); });
}

export function beginSelecting() {
  selected = new Set();
  show();
  $("now").scrollIntoView({ block: "nearest" });
  document.querySelector('#places .place[tabindex="0"]')?.focus({ preventScroll: true });
}

function end() {
  selected = null;
  show();
  $("some-empty").focus();
}

function toggle(name) {
  if (!selected.delete(name)) selected.add(name);
  show();
}

function show() {
  // A place may have gone meanwhile.
  if (selected) for (const name of [...selected]) if (!bayNow().slots.some(slot => slot.slot === name)) selected.delete(name);
  const isOn = selected !== null;
  $("selecting").hidden = !isOn;
  document.body.dataset.selecting = isOn ? "yes" : "no";
  for (const place of $("places").children) {
    if (isOn) place.setAttribute("aria-pressed", String(selected.has(place.dataset.key)));
    else place.removeAttribute("aria-pressed");
  }
  if (!isOn) return;
  setText($("selecting-text"), selected.size ? t("selecting.selected", { count: selected.size }) : t("selecting.tap"));
  $("selecting-empty").disabled = $("selecting-right").disabled = selected.size === 0;
}

async function teachSelected(lesson, tell) {
  const slots = [...selected];
  end();
  await teachAndTell({ slots, ...lesson }, tell);
}
