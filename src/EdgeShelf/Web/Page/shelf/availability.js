// How much of what is expected is there: now, and over the last day as a chart.
import { deviceTime } from "../device.js";
import { $, drawing, element, setText } from "../dom.js";
import { percent, since } from "../format.js";
import { onBay } from "./bay.js";
import { t } from "../texts.js";

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const HOUR_POINTS = 4;
const [WIDTH, HEIGHT] = [320, 72];

export function start() {
  onBay(show);
}

function show(bay) {
  const isKnown = bay.availability !== null && bay.availability !== undefined;
  $("available").hidden = !isKnown;
  if (!isKnown) return;
  setText($("available-now"), percent(bay.availability));
  setText($("available-places"), bay.judged < bay.expected ? t("available.not-judged", { places: places(bay), count: bay.expected - bay.judged }) : places(bay));
  const key = JSON.stringify(bay.day);
  const chart = $("available-chart");
  if (chart.dataset.key === key) return;
  chart.dataset.key = key;
  // Fewer points than an hour has are no course of a day.
  chart.replaceChildren(...(bay.day.length >= HOUR_POINTS ? chartOf(bay.day) : [element("p", { className: "small muted", textContent: t("available.soon") })]));
}

const places = bay => t("available.places", { available: bay.available, count: bay.judged });

function chartOf(day) {
  const end = Math.max(deviceTime(), Date.parse(day.at(-1).at) + QUARTER_MS);
  const lowest = day.reduce((low, point) => point.availability < low.availability ? point : low);
  const highest = Math.max(...day.map(point => point.availability));
  // The scale begins a step below the lowest value, because a shelf is never nearly empty and the changes are what matters.
  const floor = Math.max(0, Math.floor(lowest.availability * 10 - 1) / 10);
  const x = at => (Date.parse(at) - (end - DAY_MS)) / DAY_MS * WIDTH;
  const y = share => HEIGHT - (share - floor) / (1 - floor) * HEIGHT;
  const text = lowest.availability === highest
    ? t("available.constant", { value: percent(highest) })
    : t("available.between", { low: percent(lowest.availability), high: percent(highest), time: since(lowest.at) });
  const plot = drawing("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": text },
    drawing("path", { class: "rule", d: `M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - .5}H${WIDTH}` }),
    ...runsOf(day).flatMap(run => {
      const [left, right] = [Math.max(0, x(run[0].at)), Math.min(WIDTH, x(run.at(-1).at) + QUARTER_MS / DAY_MS * WIDTH)];
      const line = run.map((point, i) => `${i ? "L" : "M"}${Math.max(0, x(point.at)).toFixed(1)} ${y(point.availability).toFixed(1)}`).join("") + `H${right.toFixed(1)}`;
      return [drawing("path", { class: "area", d: `${line}V${HEIGHT}H${left.toFixed(1)}Z` }), drawing("path", { class: "line", d: line })];
    }));
  return [
    element("div", { className: "plot" }, plot, element("span", { className: "top-value", textContent: "100 %" }), element("span", { className: "low-value", textContent: percent(floor) })),
    element("div", { className: "axis", ariaHidden: "true" }, element("span", { textContent: since(new Date(end - DAY_MS).toISOString()) }), element("span", { textContent: t("available.now") })),
    element("p", { className: "small muted", textContent: lowest.availability === highest ? t("available.no-change") : t("available.lowest", { time: since(lowest.at), value: percent(lowest.availability) }) }),
  ];
}

// The points without the gaps in which nothing could be seen: an interrupted line is a fact, a drawn one a guess.
function runsOf(day) {
  const runs = [];
  for (const point of day) {
    const last = runs.at(-1)?.at(-1);
    if (last && Date.parse(point.at) - Date.parse(last.at) <= 2 * QUARTER_MS) runs.at(-1).push(point);
    else runs.push([point]);
  }
  return runs;
}
