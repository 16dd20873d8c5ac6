// What needs attention, and the state of the device in one line at the top of the page.
import { isUnusable } from "./answer.js";
import { onLost, onState } from "./device.js";
import { $, element, setText } from "./dom.js";
import { clockTime } from "./format.js";
import { bayNow, onBay } from "./shelf/bay.js";
import { todoOf } from "./shelf/todo.js";
import { hasText, t } from "./texts.js";

let state = null;

export function start() {
  onState(next => { state = next; showState(); });
  onBay(() => { if (state) showState(); });
  onLost(() => { state = null; showOverall("error", t("device.lost")); });
}

function showState() {
  showTroubles(state);
  showOverall(...overall(state, bayNow()));
}

// The level and the text. What is green here has nothing that waits for a person.
function overall({ troubles, last_result: last, review_waiting: waiting }, bay) {
  const worst = troubles.find(trouble => trouble.severity === "error") ?? troubles[0];
  if (worst) return [worst.severity, titleOf(worst)];
  if (!last) return ["unknown", t("overall.waiting")];
  const review = waiting ? ["ask", t("overall.review", { count: waiting })] : null;
  return bay?.slots.length ? ofShelf(bay, review) : ofPicture(last, review);
}

function ofShelf(bay, review) {
  const todo = todoOf(bay).length;
  if (bay.view === "camera-moved") return ["warning", t("camera.moved")];
  if (bay.view === "unusable") return ["warning", t("camera.unseen")];
  if (todo) return ["warning", t("overall.todo", { count: todo })];
  if (bay.expected === 0) return ["unknown", t("overall.no-products")];
  if (bay.judged < bay.expected) return ["unknown", t("overall.unchecked", { count: bay.expected - bay.judged })];
  return review ?? ["good", t("overall.in-place")];
}

function ofPicture(last, review) {
  if (isUnusable(last)) return ["warning", t("answer.unusable")];
  if (review) return review;
  return last.needs_review ? ["warning", t("answer.check")] : ["good", t("overall.well")];
}

// The device's own words are for whoever looks after it; the page has plain ones for what it knows.
const titleOf = ({ code, title }) => hasText(`trouble.${code}`) ? t(`trouble.${code}`) : title;

function showTroubles({ troubles, camera }) {
  const list = $("troubles");
  const key = JSON.stringify(troubles);
  if (list.dataset.key === key) return;
  // Details that somebody opened stay open while their text changes.
  const open = new Set([...list.querySelectorAll("details[open]")].map(each => each.closest(".trouble").dataset.code));
  list.dataset.key = key;
  list.replaceChildren(...troubles.map(trouble => {
    const title = trouble.code === "camera-offline" ? t("latest.offline", { time: clockTime(camera.since) }) : titleOf(trouble);
    const todo = `trouble.${trouble.code}.do`;
    return element("div", { className: "trouble", data: { severity: trouble.severity, code: trouble.code } },
      element("strong", { textContent: title }),
      ...(hasText(todo) ? [element("p", { textContent: t(todo) })] : []),
      element("details", { open: open.has(trouble.code) }, element("summary", { textContent: t("details") }), element("p", { lang: "en", textContent: `${trouble.detail} ${trouble.hint}` })));
  }));
}

function showOverall(level, text) {
  $("overall").dataset.level = level;
  setText($("overall"), text);
}
