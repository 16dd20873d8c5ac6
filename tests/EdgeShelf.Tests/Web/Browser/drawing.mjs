// Checks the modules of the editor that know nothing of the screen, in the browser that runs them.
//   node drawing.mjs CHECK URL ARTIFACTS
import { must, open, run } from "./browser.mjs";

// Runs `body(module)` in the page with a module of it, and fails with each sentence that it returns.
async function holds(path, body) {
  const page = await open();
  const broken = await page.evaluate(`(async () => { const broken = []; const must = (holds, what) => { if (!holds) broken.push(what); }; (${body})(await import("${path}"), must); return broken; })()`);
  must(broken.length === 0, `${path}: ${broken.join(" ")}`);
}

const checks = {
  async undo() {
    await holds("/editor/drawing.js", ({ Drawing, resized, between }, must) => {
      const at = (x, y) => ({ slot: "a", shelf: 1, x, y, width: 0.1, height: 0.1 });
      let changes = 0;
      const drawing = new Drawing({ places: [], products: [] }, () => changes++);
      must(!drawing.isDirty && !drawing.canUndo, "A new drawing has changes.");
      drawing.add([at(0.1, 0.1)]);
      for (let i = 0; i < 5; i++) drawing.move(0.01, 0, "drag-1");
      must(Math.abs(drawing.places[0].x - 0.15) < 1e-9, "Five steps of a drag do not move the place.");
      drawing.undo();
      must(drawing.places[0].x === 0.1, "One undo does not take back one drag.");
      drawing.redo();
      must(Math.abs(drawing.places[0].x - 0.15) < 1e-9, "Redo does not bring the drag back.");
      drawing.undo();
      drawing.undo();
      must(drawing.places.length === 0 && drawing.selected.size === 0 && !drawing.isDirty, "After as many undos as changes something is left to save.");
      drawing.redo();
      drawing.select([drawing.places[0].id]);
      drawing.markSaved();
      must(!drawing.isDirty, "What was saved is still to be saved.");
      drawing.setProduct({ label: "pear", name: "Pear" });
      must(drawing.isDirty && drawing.places[0].label === "pear" && drawing.products.length === 1, "A product is not set.");
      drawing.undo();
      must(!drawing.isDirty && drawing.products.length === 0, "Undo leaves the product behind.");
      drawing.move(5, -5);
      must(drawing.places[0].x + drawing.places[0].width <= 1 && drawing.places[0].y === 0, "A place leaves the picture.");
      drawing.add([at(0.5, 0.5)]);
      drawing.select(drawing.places.map(place => place.id));
      const apart = drawing.places[0].x - drawing.places[1].x;
      drawing.move(-5, 0);
      must(Math.abs(drawing.places[0].x - drawing.places[1].x - apart) < 1e-9, "Places that move together change their distance at the edge.");
      drawing.remove();
      drawing.undo();
      must(drawing.places.length === 2, "Undo does not bring back what was deleted.");
      must(changes > 10, "Nobody is told of changes.");
      const squeezed = resized({ x: 0.2, y: 0.2, width: 0.2, height: 0.2 }, "nw", { x: 0.9, y: 0.9 });
      must(squeezed.width > 0 && squeezed.height > 0 && squeezed.x < 0.4, "An edge passes its opposite one.");
      const backwards = between({ x: 0.9, y: 0.8 }, { x: -0.5, y: 0.2 });
      must(backwards.x === 0 && Math.abs(backwards.width - 0.9) < 1e-9 && Math.abs(backwards.height - 0.6) < 1e-9, "A region drawn backwards and out of the picture is wrong.");
    });
  },

  async grid() {
    await holds("/editor/grid.js", ({ cellsOf, placesOf }, must) => {
      const cells = cellsOf({ x: 0.1, y: 0.2, width: 0.8, height: 0.4 }, { rows: 2, columns: 4, gapX: 0.1, gapY: 0.25 });
      must(cells.length === 8, "Two rows of four are not eight.");
      must(Math.abs(cells[3].x + cells[3].width - 0.9) < 1e-9 && Math.abs(cells[7].y + cells[7].height - 0.6) < 1e-9, "The last cell does not end where the area ends.");
      must(Math.abs(cells[1].x - cells[0].x - cells[0].width - 0.1 * cells[0].width) < 1e-9, "The gap is not a tenth of a cell.");
      const places = placesOf(cells, 2, [{ slot: "2-01", shelf: 2 }, { slot: "3-09", shelf: 3 }]);
      must(places.map(place => place.slot).join() === "2-02,2-03,2-04,2-05,3-10,3-11,3-12,3-13", `The names are ${places.map(place => place.slot)}.`);
      must(places.every((place, i) => place.shelf === (i < 4 ? 2 : 3)), "A row is not a shelf.");
    });
  },

  async names() {
    await holds("/editor/naming.js", ({ nextName, numbered, problemOfName, shelfFor }, must) => {
      const shelf = (number, y) => [{ slot: `${number}-01`, shelf: number, x: 0.1, y, width: 0.1, height: 0.1 }];
      const places = [...shelf(1, 0.1), ...shelf(2, 0.4)];
      must(shelfFor({ x: 0.5, y: 0.42, width: 0.1, height: 0.1 }, places) === 2, "A place beside those of shelf 2 is not on shelf 2.");
      must(shelfFor({ x: 0.5, y: 0.8, width: 0.1, height: 0.1 }, places) === 3, "A place below the lowest shelf is not on a new one.");
      must(shelfFor({ x: 0.5, y: 0.8, width: 0.1, height: 0.1 }, []) === 1, "The first place is not on shelf 1.");
      must(nextName(2, [{ slot: "2-01" }, { slot: "2-99" }]) === "2-100", "The next name is not behind the last one.");
      must(nextName(null, []) === "place-01", "A place without a shelf has no name.");
      must(problemOfName("a/b", []) && problemOfName("", []) && problemOfName("x".repeat(33), []), "A name that the device refuses is not told.");
      must(problemOfName("2-01", [{ slot: "2-01" }, { slot: "2-01" }]) && !problemOfName("2-01", [{ slot: "2-01" }]), "Two places of one name are not told.");
      const row = positions => numbered(positions.map((position, i) => ({ id: i, shelf: 1, x: i / 10, width: 0.05, position }))).map(place => place.position).join();
      must(row([3, 5, 9]) === "3,5,9", "Numbers of the store's planogram are changed.");
      must(row([3, null, 9]) === "1,2,3" && row([2, 1]) === "1,2", "A new or moved place leaves the shelf without an order.");
    });
  },

  async documents() {
    await holds("/editor/documents.js", ({ nextVersion, planogramOf, slotsOf }, must) => {
      must(nextVersion("12") === "12-page-1" && nextVersion("12-page-1") === "12-page-2" && nextVersion("page-9") === "page-10" && nextVersion(undefined) === "page-1", "The versions of the page do not follow each other.");
      const places = [{ id: 1, slot: "1-01", shelf: 1, position: null, x: 0.123456, y: 0, width: 0.876544, height: 1, label: "pear", facings: 2 }, { id: 2, slot: "1-02", shelf: 1, position: null, x: 0, y: 0, width: 0.1, height: 1, label: null, facings: 1 }];
      const [slot] = slotsOf({ places });
      must(slot.x + slot.width <= 1, "Rounding puts a slot out of the picture.");
      const before = { name: "bay", version: "7", valid_from: null, products: [{ label: "plum", name: null, sku: "1", gtin: null }], positions: [] };
      const planogram = planogramOf({ places, products: [...before.products, { label: "pear", name: "Pear", sku: null, gtin: null, examples: 3 }, { label: "kiwi", name: "Kiwi" }] }, before);
      must(planogram.products.map(product => product.label).join() === "plum,pear", "A product of the store is lost, or one that was chosen and left again is kept.");
      must(JSON.stringify(planogram.positions) === '[{"slot":"1-01","shelf":1,"position":2,"label":"pear","facings":2}]', `The positions are ${JSON.stringify(planogram.positions)}.`);
      must(!("examples" in planogram.products[1]), "What the device does not know is sent to it.");
    });
    await holds("/new-product.js", ({ baseOf, labelFor }, must) => {
      must(baseOf("Crème brûlée, 4 × 100 g") === "creme-brulee-4-100-g", "A label is not made of letters and digits.");
      must(baseOf("梨 🍐") === "梨" && baseOf("が か") === "が-か" && baseOf("../<b>") === "b", "A name of another script loses its letters.");
      must(baseOf("🍐") !== baseOf("🍎") && baseOf("🍐") === "product-1f350", "Two names of signs get one label.");
      must(labelFor("empty", []) === "empty-2" && labelFor("pear", [{ label: "pear" }]) === "pear-2", "Two products get one label, or one gets that of an empty place.");
      for (const long of ["x".repeat(300), "𐐷".repeat(200), "🍐".repeat(200)]) must(baseOf(long).length <= 64 && baseOf(long).isWellFormed(), "A long name makes a label that is too long, or half a letter.");
    });
    await holds("/gtin.js", ({ isGtin, isSameGtin, problemOfGtin }, must) => {
      for (const good of ["4006381333931", "96385074", "036000291452", "0036000291452", "400 6381-333931"]) must(isGtin(good), `${good} is refused: ${problemOfGtin(good)}`);
      must(problemOfGtin("4006381333932").includes("end in 1") && problemOfGtin("400638133393").includes("would have to end in") && problemOfGtin("123").includes("3 digits") && problemOfGtin("milk").includes("digits only"), "What is wrong with a number is not said.");
      must(isSameGtin("036000291452", "0036000291452") && !isSameGtin("036000291452", "4006381333931") && !isSameGtin(null, ""), "A number with a zero before it is another one.");
    });
  },
};

await run(checks);
