// What the device asks a person: a grid of pictures to confirm, correct or put away, one by one or many at once.
import { request } from "../api.js";
import { ask } from "../ask.js";
import { chooseProduct } from "../choose.js";
import { deviceTime, onState } from "../device.js";
import { $, element, keepElements, setText } from "../dom.js";
import { changesOf } from "../effect.js";
import { shortName } from "../format.js";
import { notify } from "../notices.js";
import { onPart } from "../parts.js";
import { load as loadBay, nameOfLabel, onBay } from "../shelf/bay.js";
import { fillChoices, makeCard, nameOf, placeName, reasonWord, updateCard } from "./card.js";
import { showFigures } from "./figures.js";
import { makeSelection } from "./selection.js";
import { list, t } from "../texts.js";

let entries = [];
let isShown = false;
let isOff = false;
let known = "";             // what waited when the list was read
let selection;
let isAnswering = false;

export function start() {
  selection = makeSelection($("review-cards"), showSelection);
  onState((state, isNewConnection) => {
    showBadge(state.review_waiting ?? 0);
    isOff = state.review_waiting === null || state.review_waiting === undefined;
    const waits = `${state.review_waiting} ${state.review_newest}`;
    if (isShown && (waits !== known || isNewConnection)) load();
    known = waits;
  });
  onPart(part => {
    isShown = part === "review";
    if (isShown) load();
  });
  onBay(() => { if (isShown) show(); });
  for (const id of ["review-reason", "review-slot"]) $(id).addEventListener("change", show);
  $("review-all").addEventListener("click", () => selection.all());
  $("selected-confirm").addEventListener("click", () => answerSelected({ answer: "confirm" }, entry => entry.says));
  $("selected-expected").addEventListener("click", () => answerSelected({ answer: "correct", expected: true }, entry => entry.expected));
  $("selected-other").addEventListener("click", () => chooseFor(chosenEntries()));
  $("selected-empty").addEventListener("click", () => answerSelected({ answer: "empty" }));
  $("selected-nothing").addEventListener("click", () => answerSelected({ answer: "not-a-product" }));
  $("selected-skip").addEventListener("click", () => answerSelected({ answer: "skip" }));
  $("selected-none").addEventListener("click", () => { selection.clear(); $("review-cards").querySelector('.review-pick[tabindex="0"]')?.focus(); });
}

async function load() {
  const answer = await request("/api/review");
  if (answer.ok) take(answer.data);
  else setText($("review-note"), answer.problem);
}

function take(data) {
  entries = data.entries;
  showBadge(data.waiting);
  showFigures(data.weeks, deviceTime());
  setText($("review-note"), "");
  show();
}

function showBadge(waiting) {
  const badge = $("review-count");
  badge.hidden = waiting === 0;
  if (badge.dataset.waiting === String(waiting)) return;
  badge.dataset.waiting = waiting;
  badge.replaceChildren(waiting > 99 ? "99+" : `${waiting}`, element("span", { className: "unseen", textContent: t("review.badge") }));
}

function show() {
  const counted = key => Object.entries(Object.groupBy(entries, key));
  fillChoices("review-reason", t("review.every-reason"), counted(entry => entry.reason).map(([reason, some]) => [reason, `${reasonWord(reason)} (${some.length})`]));
  fillChoices("review-slot", t("review.every-place"), counted(entry => entry.slot).map(([slot, some]) => [slot, `${placeName(slot)} (${some.length})`]).sort((a, b) => a[1].localeCompare(b[1], [], { numeric: true })));
  const [reason, slot] = [$("review-reason").value, $("review-slot").value];
  const wanted = entries.filter(entry => (!reason || entry.reason === reason) && (!slot || entry.slot === slot));
  keepElements($("review-cards"), wanted, entry => entry.id, entry => makeCard(entry, act), updateCard);
  $("review-tools").hidden = entries.length === 0;
  $("review-none").hidden = entries.length > 0;
  setText($("review-none-title"), t(isOff ? "review.off" : "review.none"));
  setText($("review-none-text"), t(isOff ? "review.off-text" : "review.none-text"));
  setText($("review-waiting"), entries.length === 0 ? "" : t(wanted.length === entries.length ? "review.newest" : "review.filtered", { shown: wanted.length, count: entries.length }));
  selection.refresh();
}

const chosenEntries = () => entries.filter(entry => selection.selected.has(String(entry.id)));

function showSelection() {
  const chosen = chosenEntries();
  $("review-selecting").hidden = chosen.length === 0;
  $("review-cards").dataset.selecting = chosen.length ? "yes" : "no";
  document.body.dataset.reviewing = chosen.length ? "yes" : "no";
  if (!chosen.length) return;
  setText($("review-selected"), t("review.selected", { count: chosen.length }));
  const said = chosen.filter(entry => entry.says);
  const expected = chosen.filter(entry => entry.expected && entry.expected.label !== entry.says?.label);
  const [saysOne, expectsOne] = [oneOf(said.map(entry => entry.says)), oneOf(expected.map(entry => entry.expected))];
  const all = some => some.length === chosen.length ? "" : ` (${some.length})`;
  $("selected-confirm").hidden = said.length === 0;
  setText($("selected-confirm"), `${saysOne ? t("review.yes", { product: cut(saysOne) }) : t("review.yes-as-said")}${all(said)}`);
  $("selected-expected").hidden = expected.length === 0;
  setText($("selected-expected"), `${expectsOne ? t("review.it-is", { product: cut(expectsOne) }) : t("review.what-belongs")}${all(expected)}`);
  $("selected-confirm").className = said.length >= expected.length ? "primary" : "";
  $("selected-expected").className = said.length < expected.length ? "primary" : "";
  $("selected-empty").hidden = chosen.every(entry => entry.slot === "shelf");
}

// The name that all have, or "".
function oneOf(products) {
  const labels = new Set(products.map(product => product.label));
  return labels.size === 1 ? nameOf(products[0]) : "";
}

const cut = name => shortName(name, 40);

function act(action, entry) {
  if (action === "confirm") answer([entry], { answer: "confirm" });
  else if (action === "expected") answer([entry], { answer: "correct", expected: true });
  else if (action === "nothing") answer([entry], { answer: "not-a-product" });
  else chooseFor([entry]);
}

async function chooseFor(chosen) {
  const product = await chooseProduct({ title: chosen.length === 1 ? t("review.ask-one", { place: placeName(chosen[0].slot) }) : t("review.ask-many", { count: chosen.length }) });
  if (!product) return;
  const { label, name, sku, gtin, isNew } = product;
  const details = isNew ? Object.fromEntries(Object.entries({ name, sku, gtin }).filter(([, value]) => value)) : {};
  await answer(chosen, { answer: "correct", label, ...details });
}

const answerSelected = (what, isMeant = () => true) => answer(chosenEntries().filter(isMeant), what);

// Answers, asks where the device has a doubt, and says what came of it.
async function answer(chosen, what) {
  if (isAnswering || !chosen.length) return;
  isAnswering = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const next = neighbourOf(chosen);
    const { reply, moved } = await send(chosen.map(entry => entry.id), what);
    if (!reply) return;
    if (!reply.ok) {
      notify(reply.problem, { level: "error" });
      return;
    }
    await load();
    loadBay();
    if (next !== null) selection.focus(next);
    tell(reply.data, moved);
  } finally {
    isAnswering = false;
    document.body.removeAttribute("aria-busy");
  }
}

async function send(ids, what) {
  const post = more => request("/api/review", { method: "POST", json: { ids, ...what, ...more } });
  let more = {};
  let reply = await post(more);
  // Each doubt is asked once; the device may have both.
  for (let doubts = 0; doubts < 2 && !reply.ok; doubts++) {
    const doubt = doubtOf(reply);
    if (!doubt) break;
    if (!await ask(doubt.question)) return {};
    more = { ...more, ...doubt.more };
    reply = await post(more);
  }
  const known = reply.ok ? reply.data.not_answered.filter(one => one.code === "other-label") : [];
  if (!known.length || more.move) return { reply, moved: Boolean(more.move) };
  const question = moveQuestion(t("review.known", { count: known.length, names: [...new Set(known.map(one => nameOfLabel(one.label)))].join(", ") }));
  if (!await ask(question)) return { reply };
  const second = await request("/api/review", { method: "POST", json: { ids: known.map(one => one.id), ...what, ...more, move: true } });
  return { reply: second.ok ? { ...second, data: joined(reply.data, second.data) } : second, moved: true };
}

// Two answers that were given as one. Only the second can be taken back first.
const joined = (first, second) => ({ ...second, answered: [...first.answered, ...second.answered], turns: [second.turn, first.turn] });

function doubtOf({ code, details }) {
  if (code === "makes-worse") return { more: { confirm: true }, question: worseQuestion(details.effect) };
  return code === "conflict" ? { more: { move: true }, question: moveQuestion(t("review.known-one", { product: list([...new Set((details.not_added ?? []).map(one => nameOfLabel(one.label)))]) })) } : null;
}

const worseQuestion = ({ changes, worse }) => ({
  title: t("teach.worse"),
  text: [...worse, ...changesOf(changes, "effect.learning"), t("review.perhaps-wrong")],
  buttons: [{ label: t("teach.dont"), value: false, kind: "primary" }, { label: t("teach.anyway"), value: true, kind: "danger" }],
});

const moveQuestion = text => ({
  title: t("teach.before"), text: [text, t("review.was-wrong")],
  buttons: [{ label: t("review.new-name"), value: true, kind: "primary" }, { label: t("review.leave"), value: false }],
});

function tell(data, moved) {
  const learned = data.lesson ? data.lesson.added.length + data.lesson.moved.length : 0;
  const left = data.not_answered.filter(one => one.code !== "gone");
  const text = [
    t(learned ? moved ? "review.answered-moved" : "review.answered-learned" : "review.answered", { count: data.answered.length, learned }),
    left.length ? t("review.wait-still", { count: left.length }) : "",
  ].filter(Boolean).join(" ");
  notify(text, { undo: () => takeBack(data.turns ?? [data.turn]) });
}

async function takeBack(turns) {
  for (const turn of turns) {
    const reply = await request("/api/review/undo", { method: "POST", json: { turn } });
    if (!reply.ok) {
      notify(reply.problem, { level: "error" });
      return;
    }
    take(reply.data);
  }
  loadBay();
  notify(t("review.taken-back"));
}

// The card to go on with: the first one after those that are answered, or the last one before them.
function neighbourOf(chosen) {
  const gone = new Set(chosen.map(entry => String(entry.id)));
  const all = [...$("review-cards").children].map(card => card.dataset.key);
  const first = all.findIndex(id => gone.has(id));
  return all.slice(Math.max(0, first)).find(id => !gone.has(id)) ?? all.slice(0, Math.max(0, first)).reverse().find(id => !gone.has(id)) ?? null;
}
