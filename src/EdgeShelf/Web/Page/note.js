// What came of an action, in the sheet where it was done, with a button that takes it back.
import { element } from "./dom.js";
import { t } from "./texts.js";

// `undo()` is called when the person takes the action back. An empty text hides the note.
export function showNote(note, text, { level = "", undo } = {}) {
  note.hidden = !text;
  note.dataset.level = level;
  note.replaceChildren(element("span", { textContent: text }), ...(undo ? [element("button", { type: "button", textContent: t("undo"), onclick: undo })] : []));
}
