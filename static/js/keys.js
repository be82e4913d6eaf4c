/* The key stands beside the act: [data-key] is pressed, focused or opened by its key. */

const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

const find = (key) => [...document.querySelectorAll("[data-key]")].find(
  (element) => element.dataset.key === key && element.checkVisibility(),
);

const act = (element) => {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else if (element.matches("details")) {
    element.open = !element.open;
    element.querySelector("summary").focus();
  } else {
    element.click();
  }
};

/* Rows: the link of the row is what is focused, so a reader hears it and Enter opens it. */
const step = (by) => {
  const links = [...document.querySelectorAll("table[data-rows] tbody td:first-child a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  document.querySelectorAll("tr.picked").forEach((row) => row.classList.remove("picked"));
  next.closest("tr").classList.add("picked");
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    step(key === "j" ? 1 : -1);
    event.preventDefault();
    return;
  }
  const element = find(key);
  if (element) {
    act(element);
    event.preventDefault();
  }
});
