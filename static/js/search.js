/* The search field of the top bar: cases appear under it as one types. Without a script the form
   is sent, and the answer is a page. */

import { combobox } from "./listbox.js";

const field = document.querySelector("#find");
const list = document.querySelector("#found");

if (field && list) {
  const box = combobox(field, list, { isPopup: true });
  list.addEventListener("htmx:afterSwap", () => {
    box.show(document.activeElement === field && list.childElementCount > 0);
    box.refresh();
  });
  field.addEventListener("focus", () => {
    if (field.value && list.childElementCount) box.show(true);
  });
}
