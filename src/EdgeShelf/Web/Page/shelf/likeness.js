// How much a place looks like what was taught, as bars with a mark where it would be enough.
import { element } from "../dom.js";
import { nameOfLabel } from "./bay.js";
import { t } from "../texts.js";

// `explain` is that of /api/shelf/slots/{slot}; `expected` is the label that belongs there, or undefined.
export function showLikeness(list, explain, expected) {
  list.replaceChildren(...rowsOf(explain, expected).map(({ label, likeness, needed }) => {
    const passes = likeness >= needed;
    const text = t(passes ? "likeness.enough" : "likeness.not-enough", { value: (Math.round(likeness * 100) / 100 + 0).toFixed(2), needed: needed.toFixed(2) });
    const fill = element("span", { className: "fill" });
    fill.style.width = `${clamp(likeness) * 100}%`;
    const mark = element("span", { className: "mark" });
    mark.style.left = `${clamp(needed) * 100}%`;
    return element("li", { data: { passes: passes ? "yes" : "no" } },
      element("span", { className: "likeness-name" }, nameOf(label), ...(label === expected ? [element("em", { textContent: t("likeness.expected") })] : [])),
      element("span", { className: "likeness-value", textContent: text }),
      element("span", { className: "likeness-bar", attributes: { "aria-hidden": "true" } }, fill, mark));
  }));
}

const clamp = share => Math.max(0, Math.min(1, share));

const nameOf = label => label === "empty" ? t("empty-place-first") : nameOfLabel(label);

// The expected product first, then the others by likeness, and the empty place if it is not among them.
function rowsOf({ threshold, empty_threshold, expected_likeness, empty_likeness, top }, expected) {
  const rows = top.map(({ label, likeness }) => ({ label, likeness, needed: label === "empty" ? empty_threshold : threshold }));
  const has = label => rows.some(row => row.label === label);
  if (expected && expected_likeness !== null && !has(expected)) rows.push({ label: expected, likeness: expected_likeness, needed: threshold });
  if (empty_likeness !== null && !has("empty")) rows.push({ label: "empty", likeness: empty_likeness, needed: empty_threshold });
  return rows.sort((a, b) => (b.label === expected) - (a.label === expected) || b.likeness - a.likeness);
}
