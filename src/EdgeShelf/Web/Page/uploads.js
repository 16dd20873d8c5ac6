// Pictures from this computer. The device classifies them and does not store them.
import { reviewTag, showGuesses, verdictOf, isUnusable } from "./answer.js";
import { problemOf } from "./device.js";
import { $, element } from "./dom.js";
import { hasText, t } from "./texts.js";

// The limits of one request; more pictures go in several.
const MAX_PICTURES = 8;
const MAX_BYTES = 10_000_000;

export function start() {
  const file = $("file");
  file.addEventListener("change", () => { tryPictures([...file.files]); file.value = ""; });

  const drop = $("drop");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, event => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", event => { event.preventDefault(); tryPictures([...event.dataTransfer.files]); });
}

// Each picture gets its own answer: one that cannot be read does not cost the others theirs.
async function tryPictures(files) {
  if (files.length === 0) return;
  const shown = new Map(files.map(file => [file, element("div", { className: "tried" }, element("p", { className: "note", textContent: t("uploads.looking") }))]));
  $("tried").replaceChildren(...shown.values());
  for (const group of groupsOf(files)) {
    const answers = await predict(group);
    group.forEach((file, at) => shown.get(file).replaceWith(...[answers[at].result ? answerOf(answers[at].result, file) : refusalOf(answers[at].problem, file)]));
  }
}

// As many pictures in a request as the device takes. One that is too large for it goes alone, and the device says so.
function groupsOf(files) {
  const groups = [];
  let room = 0;
  for (const file of files) {
    if (file.size > room || groups.at(-1).length === MAX_PICTURES) {
      groups.push([]);
      room = MAX_BYTES;
    }
    groups.at(-1).push(file);
    room -= file.size;
  }
  return groups;
}

// Returns { result } or { problem } for each file.
async function predict(files) {
  const all = problem => files.map(() => ({ problem }));
  const form = new FormData();
  for (const file of files) form.append("image", file);
  try {
    const response = await fetch("/predict", { method: "POST", body: form });
    const copy = response.clone();
    // One picture is answered with an object, several with an array.
    if (response.ok) return [await response.json()].flat().map(result => ({ result }));
    const problem = await problemOf(response);
    const { results, problems } = await copy.json().catch(() => ({}));
    if (!Array.isArray(results)) return all(problem);
    return results.map((result, at) => result ? { result } : { problem: wordsOf(problems.find(each => each.picture === at)) ?? problem });
  } catch {
    return all(t("uploads.failed"));
  }
}

// What is wrong with one of several pictures.
const wordsOf = problem => problem && (hasText(`problem.${problem.code}`) ? t(`problem.${problem.code}`) : `${problem.detail} ${problem.hint}`);

function refusalOf(problem, file) {
  return element("div", { className: "tried" }, element("p", { className: "note", data: { level: "error" } }, element("strong", { textContent: `${file.name} ` }), problem));
}

function answerOf(result, file) {
  const picture = element("img", { src: URL.createObjectURL(file), alt: file.name });
  picture.onload = () => URL.revokeObjectURL(picture.src);
  const list = element("ol", { className: "top-three" });
  showGuesses(list, result);
  const why = isUnusable(result) ? [element("p", { className: "small", textContent: verdictOf(result).why })] : [];
  return element("div", { className: "tried" }, picture, element("div", {}, list, ...reviewTag("p", result), ...why));
}
