/* Rows of table[data-rows]: J and K move, Enter opens, X ticks the row's box.

   The link of the row is what takes the focus, so that a reader hears it and Enter opens it. The
   row that is picked gets the class and a bubbling event "row-picked", so that a page can show it
   beside the list: <tr hx-get="…" hx-trigger="row-picked delay:80ms" hx-target="#preview">. */

import { areOn, isTyping } from "./keys.js";

const LINKS = "table[data-rows] tbody :is(td, th[scope=row]) a.name, table[data-rows] tbody td:first-child a";

const links = () => {
  const seen = new Set();
  return [...document.querySelectorAll(LINKS)].filter((link) => {
    const row = link.closest("tr");
    return link.checkVisibility() && !seen.has(row) && seen.add(row);
  });
};

const pick = (row) => {
  if (row.classList.contains("picked")) return;
  document.querySelectorAll("tr.picked").forEach((other) => other.classList.remove("picked"));
  row.classList.add("picked");
  row.dispatchEvent(new CustomEvent("row-picked", { bubbles: true }));
};

const step = (by) => {
  const all = links();
  if (!all.length) return false;
  const from = document.activeElement.closest("tr") ?? document.querySelector("tr.picked");
  const at = all.findIndex((link) => link.closest("tr") === from);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

const tick = () => {
  const row = document.activeElement.closest("table[data-rows] tr") ?? document.querySelector("tr.picked");
  const box = row?.querySelector("input[type=checkbox]:not(:disabled)");
  box?.click();
  return Boolean(box);
};

const pickAround = (element) => {
  const row = element?.closest?.("table[data-rows] tbody tr");
  if (row?.querySelector("a")) pick(row);
};

document.addEventListener("focusin", (event) => pickAround(event.target));
/* A click beside what a row holds picks the row; one that ends a selection of text does not. */
document.addEventListener("click", (event) => {
  const row = event.target.closest("table[data-rows] tbody tr");
  if (!row || event.target.closest("a, button, input, select, textarea, label, summary") || !getSelection().isCollapsed) return;
  links().find((link) => link.closest("tr") === row)?.focus({ preventScroll: true });
});
/* The page may have given the focus to a field of a row before this runs, or give it later. */
pickAround(document.activeElement);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!areOn() || isTyping(event.target) || document.querySelector("dialog:modal")) return;
  const key = event.key.toLowerCase();
  const done = key === "j" ? step(1) : key === "k" ? step(-1) : key === "x" && !event.repeat ? tick() : false;
  if (done) event.preventDefault();
});
