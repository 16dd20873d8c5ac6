// The editor of places: opens, saves and leaves, and joins the drawing with the picture, the tools, the keys and the panel.
import { request } from "../api.js";
import { ask } from "../ask.js";
import { $, setText } from "../dom.js";
import { since } from "../format.js";
import { notify } from "../notices.js";
import { load as loadBay } from "../shelf/bay.js";
import * as canvas from "./canvas.js";
import * as documents from "./documents.js";
import * as draft from "./draft.js";
import { clipped, Drawing } from "./drawing.js";
import * as grid from "./grid-panel.js";
import { listen } from "./keys.js";
import { nextName, shelfFor } from "./naming.js";
import * as panel from "./panel.js";
import { t } from "../texts.js";

const FIRST_SIZE = { width: 0.06, height: 0.12 };
const EASY_PIXELS = 44;     // a selected place is enlarged to so many pixels on a phone

const placesText = places => t("places", { count: places.length });

let drawing = null;
let loaded = null;          // the documents with which the drawing began
let problems = new Set();   // names of places that the device has refused
let isSaving = false;

export function start() {
  canvas.start({ drawn, tapped: point => addAt(point), areaChanged: grid.setArea });
  panel.start(ids => { drawing.select(ids); canvas.revealSelected(EASY_PIXELS); });
  grid.start(() => setTool("select"));
  listen($("editor"), actions);
  for (const button of $("editor-tools").querySelectorAll("[data-tool]")) button.addEventListener("click", () => setTool(button.dataset.tool));
  for (const button of $("editor-tools").querySelectorAll("[data-do]")) button.addEventListener("click", () => actions[button.dataset.do]());
  $("editor-save").addEventListener("click", save);
  $("editor-close").addEventListener("click", leave);
  // The Back gesture of a phone asks to close the dialog. One that closes it all the same leaves the draft.
  $("editor").addEventListener("cancel", event => { event.preventDefault(); actions.escape(); });
  $("editor").addEventListener("close", () => { grid.close(); drawing = null; });
  $("editor-import").addEventListener("change", importFile);
  $("editor-export-slots").addEventListener("click", () => exportFile("slots"));
  $("editor-export-planogram").addEventListener("click", () => exportFile("planogram"));
  addEventListener("beforeunload", event => { if (drawing?.isDirty) event.preventDefault(); });
}

export async function openEditor() {
  const read = await documents.read();
  if (!read.ok) {
    notify(read.problem, { level: "error" });
    return;
  }
  loaded = read;
  begin(read.state);
  $("editor").showModal();
  canvas.show(drawing, read.picture);
  setTool(drawing.places.length ? "select" : "draw");
  await offerDraft();
}

function begin(state) {
  problems = new Set();
  drawing = new Drawing(state, refresh);
  panel.show(drawing);
  panel.showProblems([]);
}

// A drawing that was left without saving, by a reload or a phone that went to sleep, can go on.
async function offerDraft() {
  const kept = draft.kept();
  if (!kept) return;
  const answer = await ask({
    title: t("editor.draft-ask"),
    text: t("editor.draft-text", { time: since(kept.at), places: placesText(kept.places) }),
    buttons: [{ label: t("editor.draft-go"), value: "go on", kind: "primary" }, { label: t("editor.draft-drop"), value: "drop", kind: "danger" }],
  });
  if (answer === "go on") {
    begin(kept);
    loaded.slots = { ...loaded.slots, version: kept.version };
    canvas.show(drawing, loaded.picture);
    drawing.markUnsaved();
  } else if (answer === "drop") {
    draft.drop();
  }
}

function refresh() {
  // A product may be chosen after the editor was closed.
  if (!drawing) return;
  canvas.refresh(problems);
  panel.refresh(grid.isOpen());
  const { isDirty, places } = drawing;
  setText($("editor-state"), isDirty ? t("editor.unsaved", { places: placesText(places) }) : placesText(places));
  $("editor-save").disabled = !isDirty || isSaving;
  const enabled = { copy: drawing.selected.size > 0, remove: drawing.selected.size > 0, undo: drawing.canUndo, redo: drawing.canRedo };
  for (const button of $("editor-tools").querySelectorAll("[data-do]")) button.disabled = !enabled[button.dataset.do];
  if (isDirty) draft.keep(drawing, loaded.slots.version);
}

function setTool(tool) {
  if (tool === "grid") {
    drawing.select([]);
    grid.open(drawing);
  } else {
    grid.close();
  }
  canvas.setTool(tool);
  for (const button of $("editor-tools").querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
  refresh();
}

function drawn(region) {
  if (grid.isOpen()) grid.setArea(region);
  else add(region);
}

// A tap places another one of the size of the last.
function addAt(point) {
  if (grid.isOpen()) return;
  const { width, height } = drawing.chosen[0] ?? drawing.places.at(-1) ?? FIRST_SIZE;
  add({ x: point.x - width / 2, y: point.y - height / 2, width, height });
}

function add(region) {
  const shelf = shelfFor(region, drawing.places);
  drawing.add([{ ...region, shelf, slot: nextName(shelf, drawing.places) }]);
}

const actions = {
  tool: setTool,
  save,
  undo: () => drawing.undo(),
  redo: () => drawing.redo(),
  remove() { if (drawing.selected.size && !grid.isOpen()) drawing.remove(); },
  selectAll() { if (!grid.isOpen()) drawing.select(drawing.places.map(place => place.id)); },
  newPlace() {
    if (grid.isOpen()) return;
    addAt(canvas.middle());
    canvas.focusSelected();
  },
  // The copy stands beside the original, where the next facing is.
  copy() {
    const chosen = drawing.chosen;
    if (chosen.length === 0 || grid.isOpen()) return;
    const right = Math.max(...chosen.map(place => place.x + place.width));
    const step = right - Math.min(...chosen.map(place => place.x));
    const dx = right + step <= 1 ? step : 0.01;
    const all = [...drawing.places];
    drawing.add(chosen.map(place => {
      const copy = clipped({ ...place, x: place.x + dx, slot: nextName(place.shelf, all), position: null });
      all.push(copy);
      return copy;
    }));
    canvas.revealSelected();
    canvas.focusSelected();
  },
  nudge(dx, dy) {
    const step = canvas.pixel();
    if (grid.isOpen()) grid.moveArea(area => ({ x: area.x + dx * step.x, y: area.y + dy * step.y }));
    else if (drawing.selected.size) drawing.move(dx * step.x, dy * step.y, "nudge");
  },
  grow(dx, dy) {
    const step = canvas.pixel();
    if (grid.isOpen()) grid.moveArea(area => ({ width: area.width + dx * step.x, height: area.height + dy * step.y }));
    else if (drawing.selected.size) drawing.grow(dx * step.x, dy * step.y, "grow");
  },
  escape() {
    if (canvas.cancel()) return;
    if (grid.isOpen()) setTool("select");
    else if (drawing.selected.size) drawing.select([]);
    else leave();
  },
};

async function save() {
  if (isSaving || !drawing.isDirty) return;
  isSaving = true;
  refresh();
  setText($("editor-state"), t("editor.saving"));
  const answer = await documents.save(drawing, loaded);
  isSaving = false;
  problems = panel.showProblems([]);
  if (answer.ok) {
    drawing.markSaved();
    draft.drop();
    loadBay();
    // The places are judged with the next picture, and the timer's may be minutes away.
    request("/api/capture", { method: "POST" });
    notify([t("editor.saved"), ...answer.warnings.slice(0, 1).map(warning => t("editor.check", { warning })), ...(answer.warnings.length > 1 ? [t("editor.more-warnings", { count: answer.warnings.length - 1 })] : [])].join(" "));
    close();
    return;
  }
  if (answer.status === 409 || answer.status === 412) {
    refresh();
    await settleConflict();
    return;
  }
  problems = panel.showProblems(answer.problems.length ? answer.problems : [answer.problem]);
  refresh();
}

// Somebody else has saved meanwhile. Neither drawing is thrown away unasked.
async function settleConflict() {
  const theirs = await documents.read();
  const answer = await ask({
    title: t("editor.conflict"),
    text: theirs.ok ? t("editor.conflict-text", { theirs: placesText(theirs.slots.slots), version: theirs.slots.version, mine: placesText(drawing.places) }) : theirs.problem,
    buttons: [
      { label: t("editor.keep-drawing"), value: null },
      ...(theirs.ok ? [{ label: t("editor.save-mine"), value: "mine", kind: "primary" }, { label: t("editor.take-theirs"), value: "theirs", kind: "danger" }] : []),
    ],
  });
  if (answer === "mine") {
    loaded = theirs;
    await save();
  } else if (answer === "theirs") {
    show(theirs);
  }
}

function show(read) {
  draft.drop();
  loaded = read;
  begin(read.state);
  canvas.show(drawing, read.picture);
  refresh();
}

async function leave() {
  if (isSaving) return;
  if (drawing.isDirty) {
    const answer = await ask({
      title: t("editor.leave-ask"),
      text: t("editor.leave-text"),
      buttons: [{ label: t("editor.keep-drawing"), value: null, kind: "primary" }, { label: t("editor.throw"), value: "leave", kind: "danger" }],
    });
    if (answer !== "leave") return;
  }
  draft.drop();
  close();
}

function close() {
  drawing = null;
  $("editor").close();
}

// The device reads the file, and refuses it whole if anything in it is wrong.
async function importFile() {
  const [file] = $("editor-import").files;
  $("editor-import").value = "";
  if (!file) return;
  if (drawing.isDirty || drawing.places.length) {
    const answer = await ask({
      title: t("editor.import-ask", { file: file.name }),
      text: [t("editor.import-text"), ...(drawing.isDirty ? [t("editor.import-lost")] : [])],
      buttons: [{ label: t("editor.import-yes"), value: "import", kind: "primary" }, { label: t("not-now"), value: null }],
    });
    if (answer !== "import") return;
  }
  const answer = await documents.importCsv(file, loaded);
  problems = panel.showProblems(answer.ok ? [] : answer.problems.length ? answer.problems : [answer.problem]);
  refresh();
  if (!answer.ok) return;
  await reload();
  loadBay();
  if (answer.undo) {
    const back = await ask({ title: t("editor.imported"), text: t(`editor.imported-${answer.what}`, { file: file.name }), buttons: [{ label: t("editor.good"), value: null, kind: "primary" }, { label: t("editor.take-back"), value: "back" }] });
    if (back === "back") {
      const undone = await answer.undo();
      if (!undone.ok) panel.showProblems([undone.problem]);
      await reload();
      loadBay();
    }
  }
}

async function reload() {
  const read = await documents.read();
  if (read.ok) show(read);
}

async function exportFile(what) {
  const answer = await documents.exportCsv(what);
  if (!answer.ok) panel.showProblems([answer.problem]);
}
