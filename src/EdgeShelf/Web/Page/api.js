// Requests to the device.
import { problemOf } from "./device.js";
import { t } from "./texts.js";

// Sends a request. `json` and `csv` are bodies; a CSV file is sent as it is, because the device knows the encodings of spreadsheets. The answer is { ok, status, data } or { ok, status, problem, problems }: `problem` is a text for
// the person at the page, `problems` the list of everything that is wrong with a document, `code` the name of the problem, `details` the whole answer. It never throws.
export async function request(path, { method = "GET", json, csv, headers = {} } = {}) {
  const options = { method, headers: { ...headers } };
  if (json !== undefined) [options.body, options.headers["Content-Type"]] = [JSON.stringify(json), "application/json"];
  if (csv !== undefined) [options.body, options.headers["Content-Type"]] = [csv, "text/csv"];
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    return { ok: false, status: 0, problem: t("api.no-answer"), problems: [] };
  }
  if (!response.ok) return { ok: false, status: response.status, ...await refusal(response) };
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return { ok: true, status: response.status, data: isJson ? await response.json() : await response.text() };
}

async function refusal(response) {
  const copy = response.clone();
  const problem = await problemOf(response);
  const document = await copy.json().catch(() => ({}));
  return { problem, problems: Array.isArray(document.problems) ? document.problems : [], code: document.code, details: document };
}
