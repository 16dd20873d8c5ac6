// The page of one device. Each module below shows one part of it; a new part is a module with `start` and a line in this list.
import * as detail from "./detail.js";
import * as facts from "./facts.js";
import * as latest from "./latest.js";
import * as results from "./results.js";
import * as troubles from "./troubles.js";
import * as uploads from "./uploads.js";
import { connect } from "./device.js";

for (const part of [latest, troubles, facts, results, detail, uploads]) part.start();
connect();
