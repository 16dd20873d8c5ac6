// A picture that can be enlarged and moved: by pinch, by the wheel with Ctrl, and by buttons. It moves by scrolling, so that touch, wheel and keyboard
// work as everywhere.
import { element, icon } from "./dom.js";
import { t } from "./texts.js";

const MAX_ZOOM = 8;
const STEP = 1.5;

// `scroller` clips the `stage`, which has the picture `image` and what lies over it. `maxHeight()` is the height in pixels that the whole picture may
// take. `buttons` gets the buttons.
export function makeViewer({ scroller, stage, image, buttons, maxHeight }) {
  let zoom = 1;
  let pinch = null;

  const fitted = () => {
    if (!image.naturalWidth) return scroller.clientWidth;
    return Math.min(scroller.clientWidth, maxHeight() * image.naturalWidth / image.naturalHeight);
  };

  function layOut() {
    // With fractions of a pixel the picture would be a hair wider than its frame, and a scroll bar would come.
    stage.style.width = `${Math.floor(fitted() * zoom)}px`;
    scroller.dataset.zoomed = zoom > 1 ? "yes" : "no";
    reset.hidden = zoom === 1;
  }

  // `at` is the point of the window that stays where it is.
  function zoomTo(next, at) {
    const before = stage.getBoundingClientRect();
    const view = scroller.getBoundingClientRect();
    const point = at ?? { x: view.left + view.width / 2, y: view.top + view.height / 2 };
    const [x, y] = [(point.x - before.left) / before.width, (point.y - before.top) / before.height];
    zoom = Math.max(1, Math.min(MAX_ZOOM, next));
    layOut();
    const after = stage.getBoundingClientRect();
    scroller.scrollLeft += after.left + x * after.width - point.x;
    scroller.scrollTop += after.top + y * after.height - point.y;
  }

  // Brings a region (fractions of the picture) into view, enlarged so far that it can be worked on.
  function reveal(region, minPixels = 0) {
    const width = region.width * stage.clientWidth;
    if (minPixels && width < minPixels) zoomTo(zoom * minPixels / width);
    const [left, top] = [region.x * stage.clientWidth + stage.offsetLeft, region.y * stage.clientHeight + stage.offsetTop];
    const [right, bottom] = [left + region.width * stage.clientWidth, top + region.height * stage.clientHeight];
    if (left < scroller.scrollLeft || right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = (left + right - scroller.clientWidth) / 2;
    if (top < scroller.scrollTop || bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = (top + bottom - scroller.clientHeight) / 2;
  }

  const between = ({ touches: [a, b] }) => ({ x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2, apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) });

  scroller.addEventListener("touchstart", event => {
    if (event.touches.length === 2) pinch = { ...between(event), zoom };
  }, { passive: true });
  scroller.addEventListener("touchmove", event => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const now = between(event);
    zoomTo(pinch.zoom * now.apart / pinch.apart, now);
    scroller.scrollLeft -= now.x - pinch.x;
    scroller.scrollTop -= now.y - pinch.y;
    [pinch.x, pinch.y] = [now.x, now.y];
  }, { passive: false });
  scroller.addEventListener("touchend", () => { pinch = null; });
  scroller.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomTo(zoom * Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
  }, { passive: false });

  const button = (name, label, onclick) => element("button", { type: "button", className: "round", ariaLabel: label, title: label, onclick }, icon(name));
  const reset = button("fit", t("viewer.whole"), () => zoomTo(1));
  buttons.replaceChildren(reset, button("out", t("viewer.smaller"), () => zoomTo(zoom / STEP)), button("in", t("viewer.larger"), () => zoomTo(zoom * STEP)));

  image.addEventListener("load", layOut);
  new ResizeObserver(layOut).observe(scroller);
  layOut();
  return { reveal, layOut, isPinching: () => pinch !== null, whole: () => zoomTo(1) };
}
