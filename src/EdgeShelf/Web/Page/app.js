// The page of one device. Each module below shows one part of it; a new part is a module with `start` and a line in this list.
import * as availability from "./shelf/availability.js";
import * as bay from "./shelf/bay.js";
import * as camera from "./shelf/camera.js";
import * as choose from "./choose.js";
import * as detail from "./detail.js";
import * as editor from "./editor/editor.js";
import * as facts from "./facts.js";
import * as latest from "./latest.js";
import * as parts from "./parts.js";
import * as newProduct from "./new-product.js";
import * as places from "./shelf/places.js";
import * as products from "./products.js";
import * as results from "./results.js";
import * as review from "./review/review.js";
import * as scan from "./scan.js";
import * as selecting from "./shelf/selecting.js";
import * as setup from "./shelf/setup.js";
import * as slot from "./shelf/slot.js";
import * as training from "./training.js";
import * as texts from "./texts.js";
import * as todo from "./shelf/todo.js";
import * as troubles from "./troubles.js";
import * as uploads from "./uploads.js";
import { connect } from "./device.js";

for (const part of [texts, parts, bay, latest, camera, troubles, facts, setup, todo, availability, places, selecting, slot, review, results, detail, uploads, products, training, choose, newProduct, scan, editor]) part.start();
connect();
