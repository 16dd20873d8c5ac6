// Changes of a product as a whole: its name and numbers, two that become one, and forgetting it. Each returns { text, level, steps, undo, label } or null
// if the person decided against it. What belongs in the places is in the planogram, which follows.
import { request } from "../api.js";
import { ask } from "../ask.js";
import { chooseProduct } from "../choose.js";
import { changesOf } from "../effect.js";
import { nextVersion } from "../editor/documents.js";
import { productName } from "../format.js";
import { askForDetails } from "./details.js";
import { t } from "../texts.js";

const WORSE_FROM = 0.02;    // the share of examples that are no longer recognized from which the device calls a change worse

// Sends a change. What would make the device worse is sent again if the person says so; otherwise the answer is null.
export async function sendWithConsent(path, method, json, { isMeant = () => false } = {}) {
  const answer = await request(path, { method, json });
  if (answer.code !== "makes-worse") return answer;
  const { worse, changes } = answer.details.effect;
  if (!isMeant(answer.details.effect)) {
    const said = await ask({
      title: t("teach.worse"), text: [...worse, ...changesOf(changes, "effect.doing")],
      buttons: [{ label: t("product.dont"), value: null, kind: "primary" }, { label: t("product.anyway"), value: "yes", kind: "danger" }],
    });
    if (said !== "yes") return null;
  }
  return request(path, { method, json: { ...json, confirm: true } });
}

// Changes the planogram in force. `change(planogram)` returns the new products and positions, or null to leave it. Returns { ok, problem, undo }.
async function changePlanogram(change) {
  const history = await request("/api/planogram/history");
  if (!history.ok) return history;
  if (history.data.versions.length === 0) return { ok: true };
  const now = await request("/api/planogram");
  if (!now.ok) return now;
  const { name, version, valid_from: validFrom, products, positions, revision } = now.data;
  const next = change({ products, positions });
  if (!next) return { ok: true };
  const answer = await request("/api/planogram", { method: "PUT", json: { schema: 1, name, version: nextVersion(version), valid_from: validFrom, ...next, if_revision: revision } });
  return answer.ok ? { ok: true, undo: () => request("/api/planogram/rollback", { method: "POST", json: { revision } }) } : answer;
}

const failed = ({ problem, problems }) => ({ text: problems?.length ? problems.join(" ") : problem, level: "error" });

// The label stays: it is what the store's programs know the product by.
export async function rename(product) {
  const details = await askForDetails(product);
  if (!details) return null;
  const { label, isTaught } = product;
  const plan = await changePlanogram(({ products, positions }) => products.some(each => each.label === label)
    ? { positions, products: products.map(each => each.label === label ? { label, ...details } : each) }
    : null);
  if (!plan.ok) return failed(plan);
  const steps = [];
  if (isTaught) {
    const answer = await request(`/api/products/${encodeURIComponent(label)}`, { method: "PATCH", json: details });
    if (!answer.ok) {
      await plan.undo?.();
      return failed(answer);
    }
    if (answer.data.step) steps.push(answer.data.step.step);
  }
  return { text: t("product.renamed", { name: details.name ?? productName({ label }) }), steps, undo: plan.undo };
}

// All examples and places of the product become those of another one. `all` are the products of the list.
export async function merge(product, all, other = null) {
  const chosen = other ?? await chooseProduct({ title: t("product.same-as", { product: productName(product) }), except: product.label });
  if (!chosen) return null;
  const into = all.find(each => each.label === chosen.label) ?? chosen;
  const [from, to] = [productName(product), productName(into)];
  const answer = await ask({
    title: t("product.merge-ask", { from, to }),
    text: [t("product.merge-examples", { count: product.own.length, from, to }), ...(product.slots.length ? [t("product.merge-places", { product: to, count: product.slots.length })] : []), t("can-undo")],
    buttons: [{ label: t("product.make-one"), value: "yes", kind: "primary" }, { label: t("not-now"), value: null }],
  });
  if (answer !== "yes") return null;
  const merged = product.isTaught ? await mergeExamples(product, into) : { ok: true, data: {} };
  if (!merged) return null;
  if (!merged.ok) return failed(merged);
  const steps = merged.data.step ? [merged.data.step.step] : [];
  const plan = await changePlanogram(({ products, positions }) => {
    if (!positions.some(position => position.label === product.label) && !products.some(each => each.label === product.label)) return null;
    const { label, name, sku, gtin } = into;
    const kept = products.filter(each => each.label !== product.label);
    return {
      products: kept.some(each => each.label === label) ? kept : [...kept, { label, name: name ?? null, sku: sku ?? null, gtin: gtin ?? null }],
      positions: positions.map(position => position.label === product.label ? { ...position, label } : position),
    };
  });
  if (!plan.ok) {
    for (const step of steps) await request("/api/examples/undo", { method: "POST", json: { step } });
    return failed(plan);
  }
  return { text: t("product.merged", { from, to }), steps, undo: plan.undo, label: into.label };
}

// A product that was not taught takes the examples by getting them with its label.
function mergeExamples(product, into) {
  const places = new Set(product.slots.map(slot => slot.slot));
  // The places of the product expect the other one in a moment, so that they match again. Anything else that gets worse is asked.
  const isMeant = ({ changes, leave_one_out: { judged, before, after } }) => before - after <= WORSE_FROM * judged
    && changes.every(change => change.from !== "match" || change.to === "match" || places.has(change.slot));
  const path = `/api/products/${encodeURIComponent(product.label)}`;
  return into.isTaught
    ? sendWithConsent(`${path}/merge`, "POST", { into: into.label }, { isMeant })
    : sendWithConsent(path, "PATCH", { label: into.label, name: into.name ?? null, sku: into.sku ?? null, gtin: into.gtin ?? null }, { isMeant });
}

export async function remove(product) {
  const name = productName(product);
  const answer = await ask({
    title: t("product.forget-ask", { product: name }),
    text: [t("product.forget-examples", { count: product.own.length }), ...(product.slots.length ? [t("product.forget-places", { count: product.slots.length })] : []), t("can-undo")],
    buttons: [{ label: t("product.keep"), value: null, kind: "primary" }, { label: t("product.forget-it"), value: "remove", kind: "danger" }],
  });
  if (answer !== "remove") return null;
  const removed = await request(`/api/products/${encodeURIComponent(product.label)}`, { method: "DELETE" });
  return removed.ok ? { text: t("product.forgotten", { product: name }), steps: removed.data.step ? [removed.data.step.step] : [] } : failed(removed);
}
