// Reading a barcode with the phone's camera, where the browser can. The pictures are looked at by the browser and go nowhere.
import { $ } from "./dom.js";
import { isGtin } from "./gtin.js";
import { t } from "./texts.js";

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "itf"];
const LOOK_EVERY_MS = 150;

// Browsers give a camera only to pages that came over TLS or from this machine, and few can read barcodes.
export const canScan = () => isSecureContext && "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);

export function start() {
  $("scan-close").addEventListener("click", () => $("scan").close());
}

// Shows what the camera sees until it sees a barcode. Returns its number, or null when the person closes it, and tells `fail(text)` why there is no camera.
export async function scan(fail) {
  const dialog = $("scan");
  const video = $("scan-video");
  let isOpen = true;
  const closed = new Promise(resolve => { dialog.addEventListener("close", () => { isOpen = false; resolve(null); }, { once: true }); });
  dialog.showModal();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    video.srcObject = stream;
    await video.play();
    const found = await Promise.race([closed, look(video, () => isOpen)]);
    return found;
  } catch (problem) {
    if (isOpen) fail(t(problem.name === "NotAllowedError" ? "scan.denied" : "scan.failed"));
    return null;
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    if (dialog.open) dialog.close();
  }
}

async function look(video, isWanted) {
  const can = await BarcodeDetector.getSupportedFormats();
  const detector = new BarcodeDetector({ formats: FORMATS.filter(format => can.includes(format)) });
  while (isWanted()) {
    const codes = await detector.detect(video);
    // A number that is misread mostly has a wrong check digit.
    const code = codes.find(each => isGtin(each.rawValue));
    if (code) return code.rawValue;
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}
