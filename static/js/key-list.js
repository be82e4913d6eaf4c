/* The dialog of the key "?": every key of this page, read off the page when it opens.

   Lines with data-when are there already, for keys that no control stands for; they show where
   the page has what they name. A control in the rail or the top bar, and that of this dialog, is a key of every page. */

import { controls, nameOf } from "./keys.js";

const dialog = document.querySelector("#key-list");

const line = (key, name) => {
  const row = dialog.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector("dt").replaceChildren(
    ...key.split(" ").flatMap((part, index) => {
      const hint = document.createElement("kbd");
      hint.textContent = part.toUpperCase();
      return index ? [" ", hint] : [hint];
    }),
  );
  row.querySelector("dd").textContent = name;
  return row;
};

const fill = () => {
  dialog.querySelectorAll("[data-found]").forEach((row) => row.remove());
  dialog.querySelectorAll("[data-when]").forEach((row) => {
    row.hidden = !document.querySelector(row.dataset.when);
  });
  const seen = new Set();
  for (const element of controls()) {
    if (seen.has(element.dataset.key) || dialog.contains(element)) continue;
    seen.add(element.dataset.key);
    const everywhere = element.closest(".rail, .top, .all-keys");
    const row = line(element.dataset.key, nameOf(element));
    row.dataset.found = "";
    dialog.querySelector(everywhere ? "[data-keys=everywhere]" : "[data-keys=page]").append(row);
  }
  dialog.querySelectorAll("section").forEach((section) => {
    section.hidden = !section.querySelector("dl > :not([hidden])");
  });
};

if (dialog) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-opens=key-list]")) return;
    fill();
    dialog.showModal();
  });
  /* A click beside the dialog, on its backdrop, closes it. */
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
