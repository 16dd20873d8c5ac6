// Functions that create and change elements. Everything that comes from outside is inserted as text, never as HTML.

export const $ = id => document.getElementById(id);

// `properties.data` sets data attributes; every other property is set on the element.
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") Object.assign(made.dataset, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

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
