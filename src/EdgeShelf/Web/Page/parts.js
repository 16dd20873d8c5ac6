// The four parts of the page. The address names the part, so that a reload and the Back button keep to it.
import { $ } from "./dom.js";

const PARTS = ["shelf", "review", "products", "device"];

const listeners = [];
let shown = "";

// `listener(part)` is called each time a part is opened.
export function onPart(listener) {
  listeners.push(listener);
}

export function start() {
  addEventListener("hashchange", show);
  show();
}

// An address that names no part, such as that of the skip link, leaves the part as it is.
function show() {
  const asked = location.hash.slice(1);
  const part = PARTS.includes(asked) ? asked : shown || PARTS[0];
  if (part === shown) return;
  shown = part;
  for (const each of PARTS) $(`part-${each}`).hidden = each !== part;
  for (const link of $("parts").children) {
    if (link.hash === `#${part}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
  for (const listener of listeners) listener(part);
}
