/* The editor of a strategy's text: line numbers, marks of what is wrong, and a way to each line.

   The text stays a plain textarea; without this module it is saved by its button. What is wrong
   comes from the server as links with data-line, in the list #marks that is swapped in as one types. */

const area = document.querySelector("#source");
const box = area?.closest(".code-box");
const gutter = box?.querySelector(".gutter");

const lineAt = (position) => area.value.slice(0, position).split("\n").length;

const marks = () => {
  const found = new Map();
  document.querySelectorAll("#marks [data-line]").forEach((link) => {
    const line = Number(link.dataset.line);
    if (found.get(line) !== "not") found.set(line, link.dataset.shape);
  });
  return found;
};

const number = () => {
  const count = area.value.split("\n").length;
  while (gutter.childElementCount < count) {
    const line = document.createElement("span");
    line.textContent = gutter.childElementCount + 1;
    gutter.append(line);
  }
  while (gutter.childElementCount > count) gutter.lastElementChild.remove();
  const wrong = marks();
  const here = lineAt(area.selectionStart);
  [...gutter.children].forEach((line, place) => {
    const kind = wrong.get(place + 1) ?? "";
    line.className = place + 1 === here ? `${kind} here` : kind;
  });
  follow();
};

const follow = () => {
  gutter.scrollTop = area.scrollTop;
};

const goTo = (line) => {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  const height = Number.parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max((line - 1) * height - area.clientHeight / 3, 0);
  number();
};

if (gutter) {
  document.documentElement.classList.add("scripted");
  box.classList.add("numbered");
  number();
  area.addEventListener("input", number);
  area.addEventListener("scroll", follow);
  document.addEventListener("selectionchange", () => {
    if (document.activeElement === area) number();
  });
  document.addEventListener("htmx:afterSettle", number);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#marks [data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });
}
