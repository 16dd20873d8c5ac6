// The facts about the device: camera, pictures and sending; what only engineers need stands behind "Details".
import { onState } from "./device.js";
import { $, fillFacts, setText } from "./dom.js";
import { bytes, clockTime, duration, nameOf, sentence } from "./format.js";
import { bayNow, onBay } from "./shelf/bay.js";
import { t } from "./texts.js";

const SLOW_FROM = 1.5;      // pictures that come so many times slower than the timer asks are told

export function start() {
  onState(showState);
  onBay(bay => setText($("bay-name"), bay.planogram && bay.planogram.name !== bay.device ? sentence(nameOf(bay.planogram.name)) : "EdgeShelf"));
}

function showState(state) {
  fillFacts($("facts"), rowsOf(state));
  fillFacts($("facts-more"), moreOf(state));
  setText($("device"), state.device);
  setText($("version"), `EdgeShelf ${state.version}`);
  document.title = `${state.device} · EdgeShelf`;
}

function rowsOf(state) {
  return [
    cameraRow(state.camera),
    pictureRow(state),
    sendRow(state),
    ...(bayNow()?.slots.length ? [[t("facts.places"), `${bayNow().slots.length}`]] : []),
    [t("facts.taken"), state.failures ? t("facts.taken-failed", { taken: state.captures, failed: state.failures }) : `${state.captures}`],
    [t("facts.uptime"), duration(state.uptime_s)],
  ];
}

function moreOf(state) {
  const { outbox, model } = state;
  const levelOf = (code, level) => state.troubles.some(trouble => trouble.code === code) ? level : "";
  const planogram = bayNow()?.planogram;
  return [
    [t("facts.camera-kind"), state.camera.kind],
    [t("facts.waiting"), outbox.problem ? t("facts.unknown") : outbox.waiting === 0 ? t("facts.nothing") : `${outbox.waiting} (${bytes(outbox.bytes)})`, outbox.problem ? "error" : ""],
    ...(outbox.dropped ? [[t("facts.dropped"), `${outbox.dropped}`, "warning"]] : []),
    ...(outbox.refused ? [[t("facts.refused"), `${outbox.refused}`, "warning"]] : []),
    ...(planogram ? [[t("facts.planogram"), `${planogram.name}, ${planogram.version}`]] : []),
    [t("facts.model"), `${model.name} ${model.version}`],
    ...(state.disk_free_bytes === null ? [] : [[t("facts.disk"), t("facts.disk-free", { free: bytes(state.disk_free_bytes), total: bytes(state.disk_total_bytes) }), levelOf("disk-full", "error")]]),
    ...(state.temperature_c === null ? [] : [[t("facts.temperature"), `${Math.round(state.temperature_c)} °C`, levelOf("hot", "warning")]]),
    [t("facts.memory"), bytes(state.memory_bytes)],
  ];
}

function cameraRow(camera) {
  switch (camera.state) {
    case "working": return [t("facts.camera"), t("facts.camera-works")];
    case "failing": return [t("facts.camera"), t("facts.camera-fails", { time: clockTime(camera.since) }), "error"];
    default: return [t("facts.camera"), camera.message ? t("trouble.no-camera") : t("facts.camera-unused")];
  }
}

// How often pictures really come: not while the camera fails, and slower than the timer asks where a picture takes longer.
function pictureRow({ interval_s: interval, picture_every_s: really, camera }) {
  if (!interval) return [t("facts.pictures"), t("facts.no-timer")];
  const every = duration(interval);
  if (camera.state === "failing") return [t("facts.pictures"), t("facts.tries", { every }), "error"];
  if (really && really > SLOW_FROM * interval) return [t("facts.pictures"), t("facts.slower", { really: duration(really), every }), "warning"];
  return [t("facts.pictures"), t("facts.every", { every })];
}

function sendRow({ broker }) {
  if (broker.connected) return [t("facts.sending"), t("facts.sending-works")];
  return [t("facts.sending"), broker.since ? t("facts.sending-away", { time: clockTime(broker.since) }) : t("facts.sending-not-yet"), "warning"];
}
