/* Taking an answer along: to the clipboard, or to the printer.

   A button with data-copy="id" copies the text of the element of that id and says data-copied;
   one with data-print prints the page. Both are hidden until this module can serve them. */

import { say } from "./requests.js";

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-print]");
  if (!button) return;
  if (button.matches("[data-print]")) {
    window.print();
    return;
  }
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  say(button.dataset.copied);
  button.textContent = button.dataset.copied;
});
