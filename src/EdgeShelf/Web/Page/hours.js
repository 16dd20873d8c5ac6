// The hours of the last day as a strip of bars: as high as there are pictures, marked where some need a person.
import { request } from "./api.js";
import { $, element, keepElements } from "./dom.js";
import { locale, t } from "./texts.js";

const HOURS = 24;
const HOUR_MS = 3_600_000;

let choose = () => {};
let chosen = null;

// `listener(from)` is called with the begin of the hour that somebody chose, or with null for the latest pictures.
export function onHour(listener) {
  choose = listener;
  $("hours-latest").addEventListener("click", () => choose(null));
  $("hours").addEventListener("keydown", walk);
}

export async function loadHours() {
  const answer = await request("/api/history");
  if (answer.ok) show(answer.data.hours);
}

// Marks the hour whose pictures are shown.
export function showChosen(from) {
  chosen = from;
  $("hours-latest").setAttribute("aria-pressed", String(from === null));
  for (const bar of $("hours").children) bar.firstElementChild.setAttribute("aria-pressed", String(bar.dataset.key === from));
}

function show(hours) {
  const isFirst = $("hours-strip").hidden;
  $("hours-strip").hidden = hours.length === 0;
  if (hours.length === 0) return;
  const known = new Map(hours.map(hour => [Date.parse(hour.from), hour]));
  const last = Math.max(...known.keys());
  const all = Array.from({ length: HOURS }, (_, at) => last - (HOURS - 1 - at) * HOUR_MS).map(at => known.get(at) ?? { from: new Date(at).toISOString(), pictures: 0, need_review: 0 });
  const most = Math.max(...all.map(hour => hour.pictures), 1);
  keepElements($("hours"), all, hour => hour.from, make, (bar, hour) => update(bar, hour, most));
  const stops = [...$("hours").querySelectorAll("button:not(:disabled)")];
  if (!stops.some(stop => stop.tabIndex === 0) && stops.length) stops.at(-1).tabIndex = 0;
  showChosen(chosen);
  // On a phone the strip is wider than the screen, and the hour of now is at its end.
  if (isFirst) $("hours").scrollLeft = $("hours").scrollWidth;
}

function make(hour) {
  const button = element("button", { type: "button", tabIndex: -1, onclick: event => { leadTabTo(event.currentTarget); choose(hour.from); } }, element("span", { className: "fill" }), element("span", { className: "need" }), element("span", { className: "hour" }));
  return element("li", {}, button);
}

function update(bar, { from, pictures, need_review: need }, most) {
  const button = bar.firstElementChild;
  const [fill, mark, name] = button.children;
  const time = new Date(from).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
  button.disabled = pictures === 0;
  fill.style.height = `${pictures / most * 100}%`;
  mark.hidden = need === 0;
  name.textContent = new Date(from).getHours() % 3 === 0 ? `${new Date(from).getHours()}` : "";
  const label = t(need ? "hours.hour-review" : "hours.hour", { time, count: pictures, need });
  if (button.ariaLabel !== label) button.ariaLabel = button.title = label;
}

function leadTabTo(button) {
  for (const each of $("hours").querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
}

// The arrow keys go from hour to hour; Tab stops once.
function walk(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const stops = [...$("hours").querySelectorAll("button:not(:disabled)")];
  const next = stops[stops.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  leadTabTo(next);
  next.focus();
}
