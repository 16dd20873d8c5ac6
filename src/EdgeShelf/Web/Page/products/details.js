// The name and numbers of a product, in a dialog.
import { $, setText } from "../dom.js";
import { digitsOf, problemOfGtin } from "../gtin.js";
import { t } from "../texts.js";

// Returns { name, sku, gtin } as they should be, or null.
export function askForDetails({ label, name, sku, gtin }) {
  const dialog = $("details");
  [$("details-name").value, $("details-sku").value, $("details-gtin").value] = [name ?? "", sku ?? "", gtin ?? ""];
  setText($("details-label"), t("product.label", { label }));
  showProblem("");
  return new Promise(resolve => {
    let answer = null;
    $("details-form").onsubmit = event => {
      event.preventDefault();
      const [newName, newSku, newGtin] = ["details-name", "details-sku", "details-gtin"].map(id => $(id).value.trim());
      const problem = newGtin ? problemOfGtin(newGtin) : "";
      showProblem(problem);
      if (problem) return;
      answer = { name: newName || null, sku: newSku || null, gtin: digitsOf(newGtin) || null };
      dialog.close();
    };
    $("details-cancel").onclick = () => dialog.close();
    dialog.onclose = () => resolve(answer);
    dialog.showModal();
    $("details-name").select();
  });
}

function showProblem(text) {
  $("details-hint").hidden = !text;
  setText($("details-hint"), text);
  $("details-gtin").setAttribute("aria-invalid", String(Boolean(text)));
}
