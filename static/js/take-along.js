/* Taking an answer along: to the clipboard, or to the printer.

   A button with data-copy="text" copies that text, one with data-copy-from="id" the text of the
   element of that id; both say data-copied for a moment. One with data-print prints the page. They
   are hidden until this module can serve them. */

import { say } from "./requests.js";

const COPIES = "[data-copy], [data-copy-from]";

document.querySelectorAll(COPIES).forEach((button) => {
  button.hidden = !navigator.clipboard;
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
});

document.addEventListener("click", async (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
  const button = event.target.closest?.(COPIES);
  if (!button) return;
  const { copy, copyFrom, copied } = button.dataset;
  await navigator.clipboard.writeText(copy ?? document.getElementById(copyFrom).textContent);
  say(copied);
  const before = button.textContent;
  button.textContent = copied;
  setTimeout(() => { button.textContent = before; }, 2000);
});
