// How often the device was right, week by week.
import { $, drawing, element, setText } from "../dom.js";
import { percent } from "../format.js";
import { locale, t } from "../texts.js";

const WEEKS = 12;
const WEEK_MS = 7 * 86_400_000;
const [BAR, GAP, HEIGHT] = [20, 6, 60];

// `weeks` is that of /api/review: { week, answered, right }, oldest first; `now` is the device's time in milliseconds.
export function showFigures(weeks, now) {
  $("review-figures").hidden = weeks.length === 0;
  if (!weeks.length) return;
  const monday = mondayOf(now);
  const byWeek = new Map(weeks.map(week => [week.week, week]));
  const shown = Array.from({ length: WEEKS }, (_, at) => new Date(monday - (WEEKS - 1 - at) * WEEK_MS).toISOString().slice(0, 10))
    .map(week => byWeek.get(week) ?? { week, answered: 0, right: 0 });
  const current = shown.at(-1);
  const last = current.answered ? current : weeks.at(-1);
  setText($("review-right"), percent(last.right / last.answered));
  setText($("review-answered"), t(last === current ? "review.week" : "review.week-of", { right: last.right, count: last.answered, day: dayOf(last.week) }));
  const total = shown.reduce((sum, week) => ({ answered: sum.answered + week.answered, right: sum.right + week.right }), { answered: 0, right: 0 });
  const chart = $("review-chart");
  const key = JSON.stringify(shown);
  if (chart.dataset.key === key) return;
  chart.dataset.key = key;
  chart.replaceChildren(chartOf(shown, total), element("div", { className: "axis", ariaHidden: "true" }, element("span", { textContent: dayOf(shown[0].week) }), element("span", { textContent: t("review.this-week") })));
}

const mondayOf = now => {
  const day = Math.floor(now / 86_400_000);
  return (day - (day + 3) % 7) * 86_400_000;
};

const dayOf = week => new Date(`${week}T00:00:00Z`).toLocaleDateString(locale(), { day: "numeric", month: "short", timeZone: "UTC" });

// The height is the number of answers, the filled part those that the device had right.
function chartOf(weeks, total) {
  const most = Math.max(...weeks.map(week => week.answered), 1);
  const text = total.answered ? t("review.chart", { weeks: WEEKS, count: total.answered, right: total.right }) : t("review.no-answers");
  return drawing("svg", { viewBox: `0 0 ${WEEKS * (BAR + GAP) - GAP} ${HEIGHT}`, role: "img", "aria-label": text }, ...weeks.flatMap(({ week, answered, right }, at) => {
    const bar = (count, name) => {
      const height = Math.max(count ? 3 : 0, count / most * (HEIGHT - 2));
      return drawing("rect", { class: name, x: at * (BAR + GAP), y: HEIGHT - height, width: BAR, height, rx: 3 });
    };
    const all = bar(answered, "answered");
    all.append(drawing("title", {}, t("review.bar", { day: dayOf(week), right, count: answered })));
    return answered ? [all, bar(right, "right")] : [drawing("rect", { class: "none", x: at * (BAR + GAP), y: HEIGHT - 2, width: BAR, height: 2 })];
  }));
}
