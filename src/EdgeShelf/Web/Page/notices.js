// Short messages about what was done, each with a way to take it back.
import { $, element, icon } from "./dom.js";
import { t } from "./texts.js";

const SHOWN_MS = 20_000;

export function clearNotices() {
  $("notices").replaceChildren();
}

// Shows a message. `undo` is called when the person takes the action back; `level` is "error" or nothing.
export function notify(text, { undo, level = "" } = {}) {
  const notice = element("div", { className: "notice", data: { level } }, element("p", { textContent: text }));
  const gone = () => notice.remove();
  if (undo) notice.append(element("button", { type: "button", textContent: t("undo"), onclick: () => { gone(); undo(); } }));
  notice.append(element("button", { type: "button", className: "quiet round", ariaLabel: t("notice.close"), onclick: gone }, icon("close")));
  $("notices").replaceChildren(notice);
  // A message that somebody reads with the keyboard or the mouse stays.
  const leave = () => notice.matches(":hover, :focus-within") ? setTimeout(leave, SHOWN_MS / 4) : gone();
  setTimeout(leave, SHOWN_MS);
}
