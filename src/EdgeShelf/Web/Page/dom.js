// Functions that create and change elements. Everything that comes from outside is inserted as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

export const $ = id => document.getElementById(id);

// `properties.data` sets data attributes, `properties.attributes` other attributes; every other property is set on the element.
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") Object.assign(made.dataset, value);
    else if (key === "attributes") for (const [name, text] of Object.entries(value)) made.setAttribute(name, text);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

// An element of SVG, with its attributes.
export function drawing(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// One of the icons of index.html. It is decoration: the text beside it says the same.
export const icon = name => drawing("svg", { class: "icon", "aria-hidden": "true" }, drawing("use", { href: `#icon-${name}` }));

// Changes a text only when it differs, so that a screen reader speaks only when something has changed.
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// Fills a <dl> with rows of [name, value, level]; the level ("warning", "error") is optional.
export function fillFacts(list, rows) {
  list.replaceChildren(...rows.flatMap(([name, value, level]) => [
    element("dt", { textContent: name }),
    element("dd", { textContent: value, data: level ? { level } : {} }),
  ]));
}

// Makes the list's elements those of `items`: `keyOf(item)` names an item, `make(item)` creates its element and `update(element, item)` changes it.
// An element that stays is kept, so that the keyboard's focus is not lost.
export function keepElements(list, items, keyOf, make, update = () => {}) {
  const kept = new Map([...list.children].map(child => [child.dataset.key, child]));
  const wanted = items.map(item => {
    const made = kept.get(String(keyOf(item))) ?? make(item);
    made.dataset.key = keyOf(item);
    update(made, item);
    return made;
  });
  const stays = new Set(wanted);
  for (const child of [...list.children]) if (!stays.has(child)) child.remove();
  wanted.forEach((child, position) => { if (list.children[position] !== child) list.insertBefore(child, list.children[position] ?? null); });
}

// A click beside an open dialog closes it, as people expect of a sheet.
export function closeByBackdrop(dialog) {
  dialog.addEventListener("pointerdown", event => { if (event.target === dialog) dialog.close(); });
}
