/* A field that takes the number of a case or contract: cases appear under it as one types a name,
   and the one that is chosen leaves its number in the field. What is typed whole needs no choice.

     <input data-suggests="for-7" aria-controls="for-7" …><div class="found" id="for-7" hidden></div> */

import { combobox } from "./listbox.js";

const setUp = (field) => {
  const list = document.getElementById(field.dataset.suggests);
  const choose = (option) => {
    field.value = option.dataset.fill;
    list.replaceChildren();
    box.show(false);
  };
  const box = combobox(field, list, { isPopup: true, choose });
  list.addEventListener("htmx:afterSwap", () => {
    box.show(document.activeElement === field && list.childElementCount > 0);
    box.refresh();
  });
};

document.querySelectorAll("[data-suggests]").forEach(setUp);
