// Training a model from the examples: offered when there are enough of them, with progress, both figures, and a way back.
import { request } from "./api.js";
import { $, setText } from "./dom.js";
import { percent } from "./format.js";
import { notify } from "./notices.js";
import { onPart } from "./parts.js";
import { t } from "./texts.js";

const ENOUGH_PRODUCTS = 2;
const LOOK_EVERY_MS = 2000;

let isShown = false;
let timer = 0;
let model = null;           // the document of /api/model

export function start() {
  onPart(part => { isShown = part === "products"; if (isShown) load(); else clearTimeout(timer); });
  $("training-start").addEventListener("click", () => change("/api/model/train", "POST"));
  $("training-cancel").addEventListener("click", () => change("/api/model/train", "DELETE"));
  $("training-use").addEventListener("click", () => change("/api/model/use", "POST", { name: model.last.model }, () => t("training.in-use", { model: model.last.model })));
  $("training-back").addEventListener("click", () => change("/api/model/rollback", "POST", undefined, () => t("training.undone")));
}

async function load() {
  const answer = await request("/api/model");
  if (answer.ok) show(answer.data);
}

async function change(path, method, json, done) {
  for (const button of $("training").querySelectorAll("button")) button.disabled = true;
  const answer = await request(path, { method, json });
  for (const button of $("training").querySelectorAll("button")) button.disabled = false;
  if (!answer.ok) notify(answer.problem, { level: "error" });
  else if (done) notify(done());
  if (answer.ok) show(answer.data); else load();
}

function show(document) {
  model = document;
  const { job, last } = model;
  const isRunning = job.state === "running";
  const isUsed = Boolean(last?.model) && last.model === model.name;
  $("training").hidden = !isRunning && model.ready_products < ENOUGH_PRODUCTS && !isUsed;
  setText($("training-text"), t(isRunning ? "training.running" : "training.offer"));
  $("training-figures").hidden = !last || isRunning;
  if (last) setText($("training-figures"), figuresOf(last, isUsed));
  $("training-bar").hidden = !isRunning;
  $("training-bar").value = job.progress;
  setText($("training-step"), isRunning ? `${job.step ?? t("training.starting")}, ${percent(job.progress)}` : job.problem ?? (job.state === "cancelled" ? t("training.cancelled") : ""));
  setText($("training-start"), t("training.start", { count: model.examples }));
  $("training-start").hidden = isRunning || model.ready_products < ENOUGH_PRODUCTS;
  $("training-cancel").hidden = !isRunning;
  $("training-use").hidden = isRunning || !last?.model || isUsed;
  $("training-back").hidden = isRunning || !isUsed || !model.predecessor;
  clearTimeout(timer);
  if (isShown && isRunning) timer = setTimeout(load, LOOK_EVERY_MS);
}

function figuresOf(last, isUsed) {
  const figures = t("training.figures", { count: last.judged, right: percent(last.right / last.judged), before: percent(last.right_by_likeness / last.judged) });
  if (isUsed) return t("training.used", { figures });
  if (last.model) return t("training.ready", { figures });
  return t("training.not-better", { figures });
}
