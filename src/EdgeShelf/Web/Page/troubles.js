// What needs attention, and the state of the device in one line at the top of the page.
import { onLost, onState } from "./device.js";
import { $, element, setText } from "./dom.js";
import { clockTime } from "./format.js";
import { bayNow, onBay } from "./shelf/bay.js";
import { todoOf } from "./shelf/todo.js";

let state = null;

export function start() {
  onState(next => { state = next; showState(); });
  onBay(() => { if (state) showState(); });
  onLost(() => { state = null; showOverall("error", "No contact to the device"); });
}

function showState() {
  showTroubles(state);
  const worst = state.troubles.find(trouble => trouble.severity === "error") ?? state.troubles[0];
  if (worst) showOverall(worst.severity, worst.title);
  else if (bayNow()?.judged) showShelf(bayNow());
  else if (state.last_result) showOverall("good", "All is well");
  else showOverall("unknown", "Waiting for the first picture");
}

// The device is well; whether the shelf is, its places say.
function showShelf(bay) {
  if (bay.view === "camera-moved") showOverall("warning", "The camera was moved");
  else if (bay.view === "unusable") showOverall("warning", "The shelf cannot be seen");
  else if (todoOf(bay).length) showOverall("warning", `${todoOf(bay).length} to do`);
  else showOverall("good", "Everything in place");
}

function showTroubles({ troubles, camera }) {
  const list = $("troubles");
  const key = JSON.stringify(troubles);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...troubles.map(trouble => element("div", { className: "trouble", data: { severity: trouble.severity } },
    element("strong", { textContent: trouble.title + (trouble.code === "camera-offline" ? ` since ${clockTime(camera.since)}` : "") }),
    `${trouble.detail} `,
    element("span", { className: "muted", textContent: trouble.hint }))));
}

function showOverall(level, text) {
  $("overall").dataset.level = level;
  setText($("overall"), text);
}
