// A question with buttons, in a dialog.
import { $, element } from "./dom.js";

// Asks, and returns the value of the button that was pressed, or null when the dialog was closed without an answer.
//   title    a short question
//   text     what happens; a text or an array of texts and elements, one for each paragraph
//   buttons  [{ label, value, kind }]; the kind is "primary", "danger" or nothing
export function ask({ title, text, buttons }) {
  const dialog = $("ask");
  $("ask-title").textContent = title;
  $("ask-text").replaceChildren(...[text].flat().map(each => typeof each === "string" ? element("p", { textContent: each }) : each));
  return new Promise(resolve => {
    let answer = null;
    $("ask-buttons").replaceChildren(...buttons.map(({ label, value, kind = "" }) => element("button", {
      type: "button", className: kind, textContent: label,
      onclick: () => { answer = value; dialog.close(); },
    })));
    dialog.onclose = () => resolve(answer);
    dialog.showModal();
    $("ask-buttons").firstElementChild.focus();
  });
}
