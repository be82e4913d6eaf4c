/* The desk: the preview follows the row that is picked, and the bar says how many rows are chosen.

   A row names its preview in data-preview. What was shown a moment ago is shown again at once; it
   is kept in this page only, never in the browser's storage. */

const KEPT_MS = 30_000;
const kept = new Map();

const pane = () => document.querySelector("#preview");

const shown = () => pane()?.querySelector("[data-shown]")?.dataset.shown;

const keep = (number) => {
  const aside = pane();
  if (number && shown() === number) kept.set(number, { html: aside.innerHTML, until: Date.now() + KEPT_MS });
};

const show = (row) => {
  const aside = pane();
  const number = row.dataset.number;
  if (!aside || !number || shown() === number) return;
  const address = new URL(location.href);
  address.searchParams.set("open", number);
  history.replaceState(history.state, "", address);
  const found = kept.get(number);
  if (found && found.until > Date.now()) {
    aside.innerHTML = found.html;
    htmx.process(aside);
    return;
  }
  htmx.ajax("GET", row.dataset.preview, { source: row, target: aside, swap: "innerHTML" }).then(() => keep(number));
};

let timer = 0;
document.addEventListener("row-picked", (event) => {
  clearTimeout(timer);
  timer = setTimeout(() => show(event.target), 80);
});

/* The row that is picked stays picked when the pane is opened or closed. */
document.addEventListener("click", (event) => {
  const toggle = event.target.closest("a[data-pane]");
  const row = document.querySelector("tr.picked[data-number]");
  if (toggle && row) {
    const address = new URL(toggle.href);
    address.searchParams.set("open", row.dataset.number);
    toggle.href = address;
  }
});

const open = new URLSearchParams(location.search).get("open");
if (open) document.querySelector(`tr[data-number="${CSS.escape(open)}"] a.name`)?.focus();
keep(shown());

const count = () => {
  const chosen = document.querySelectorAll("input[form=bulk]:checked").length;
  document.querySelectorAll("[data-chosen]").forEach((part) => (part.textContent = chosen));
};
document.addEventListener("change", (event) => event.target.matches("input[form=bulk]") && count());
document.querySelector("#bulk")?.addEventListener("reset", () => setTimeout(count));
count();
