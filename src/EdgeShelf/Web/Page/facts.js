// The facts about the device: camera, broker, model, disk and so on.
import { onState } from "./device.js";
import { $, fillFacts, setText } from "./dom.js";
import { bytes, clockTime, duration, nameOf, sentence } from "./format.js";
import { bayNow, onBay } from "./shelf/bay.js";

export function start() {
  onState(showState);
  onBay(bay => setText($("bay-name"), bay.planogram && bay.planogram.name !== bay.device ? sentence(nameOf(bay.planogram.name)) : "EdgeShelf"));
}

function showState(state) {
  fillFacts($("facts"), rowsOf(state));
  setText($("device"), state.device);
  setText($("version"), `EdgeShelf ${state.version}`);
  document.title = `${state.device} · EdgeShelf`;
}

function rowsOf(state) {
  const { outbox, model } = state;
  const levelOf = (code, level) => state.troubles.some(trouble => trouble.code === code) ? level : "";
  return [
    cameraRow(state.camera),
    ["Timer", state.interval_s ? `every ${duration(state.interval_s)}` : "off"],
    brokerRow(state.broker),
    ["Waiting to be sent", outbox.problem ? "unknown" : outbox.waiting === 0 ? "nothing" : `${outbox.waiting} (${bytes(outbox.bytes)})`, outbox.problem ? "error" : ""],
    ...(outbox.dropped ? [["Given up", `${outbox.dropped}`, "warning"]] : []),
    ...(outbox.refused ? [["Refused by the broker", `${outbox.refused}`, "warning"]] : []),
    ...planogramRow(),
    ["Model", `${model.name} ${model.version}`],
    ...(state.disk_free_bytes === null ? [] : [["Disk", `${bytes(state.disk_free_bytes)} of ${bytes(state.disk_total_bytes)} free`, levelOf("disk-full", "error")]]),
    ...(state.temperature_c === null ? [] : [["Temperature", `${Math.round(state.temperature_c)} °C`, levelOf("hot", "warning")]]),
    ["Memory", bytes(state.memory_bytes)],
    ["Pictures", `${state.captures}` + (state.failures ? `, ${state.failures} failed` : "")],
    ["Running for", duration(state.uptime_s)],
  ];
}

// What the places are compared with, if there are places.
function planogramRow() {
  const bay = bayNow();
  if (!bay?.slots.length) return [];
  return [["Places", `${bay.slots.length}`], ["Planogram", bay.planogram ? `${bay.planogram.name}, version ${bay.planogram.version}` : "none"]];
}

function cameraRow(camera) {
  switch (camera.state) {
    case "working": return ["Camera", camera.kind];
    case "failing": return ["Camera", `${camera.kind}, failing`, "error"];
    default: return ["Camera", `${camera.kind}, not used yet`];
  }
}

function brokerRow(broker) {
  if (broker.connected) return ["Broker", "connected"];
  return ["Broker", broker.since ? `away since ${clockTime(broker.since)}` : "not connected yet", "warning"];
}
