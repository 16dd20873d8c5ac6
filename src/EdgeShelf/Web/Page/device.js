// The connection to the device: it sends its state at each change and at a steady rate between changes.
import { hasText, t } from "./texts.js";

const SILENT_AFTER_MS = 30_000;
const RETRY_AFTER_MS = 3_000;

const stateListeners = [];
const shelfListeners = [];
const lostListeners = [];
let connected = false;
let deviceAt = 0;           // the device's clock when the last state was sent, in milliseconds since 1970
let receivedAt = 0;         // time by performance.now(), which does not depend on the device's clock or on this computer's

// `listener(state, isNewConnection)` is called with each state. The state's fields are those of /api/state.
export function onState(listener) {
  stateListeners.push(listener);
}

// `listener(shelf)` is called when the shelf changed. The fields are those of /api/shelf, without `day`.
export function onShelf(listener) {
  shelfListeners.push(listener);
}

// `listener()` is called when the device no longer answers.
export function onLost(listener) {
  lostListeners.push(listener);
}

// The time by the device's clock, in milliseconds since 1970. Ages of what the device reports are computed with it, because the clock of a
// phone may differ from the device's.
export const deviceTime = () => deviceAt ? deviceAt + performance.now() - receivedAt : Date.now();

export function connect() {
  setInterval(checkSilence, 1000);
  listen();
}

function listen() {
  const events = new EventSource("/api/events");
  events.addEventListener("state", event => {
    const state = JSON.parse(event.data);
    const isNewConnection = !connected;
    connected = true;
    receivedAt = performance.now();
    deviceAt = Date.parse(state.at);
    for (const listener of stateListeners) listener(state, isNewConnection);
  });
  events.addEventListener("shelf", event => {
    const shelf = JSON.parse(event.data);
    for (const listener of shelfListeners) listener(shelf);
  });
  events.onerror = () => {
    lost();
    if (events.readyState !== EventSource.CLOSED) return;
    // The browser gives up for good when the answer is an error, such as a login that has expired.
    fetch("/api/state").then(response => { if (response.status === 401) signIn(); }).catch(() => {});
    setTimeout(listen, RETRY_AFTER_MS);
  };
}

function checkSilence() {
  if (connected && performance.now() - receivedAt > SILENT_AFTER_MS) lost();
}

function lost() {
  connected = false;
  for (const listener of lostListeners) listener();
}

function signIn() {
  location.href = "/login";
}

// The text of an error response (problem details, RFC 9457), for the person at the page. Without a valid login it opens the login.
export async function problemOf(response) {
  if (response.status === 401) {
    signIn();
    return t("device.sign-in");
  }
  try {
    const problem = await response.json();
    if (hasText(`problem.${problem.code}`)) return t(`problem.${problem.code}`);
    return [problem.detail, problem.hint].filter(Boolean).join(" ") || problem.title;
  } catch {
    return t("device.answered", { status: response.status });
  }
}
