/* The command palette: Ctrl K anywhere. It goes to a page of the menu, does an act of this page,
   or opens a case.

   Commands are read off the page when it opens: what has a key, what wears data-command, and the
   links of the menu. Cases come from the server, as in the search field. */

import { act, controls, nameOf } from "./keys.js";
import { combobox } from "./listbox.js";
import { say } from "./requests.js";

const MOST_SHOWN = 30;
const SAY_MS = 500;

const dialog = document.querySelector("#palette");

/* As the search on the server reads a name: lower case, without diacritics. */
export const words = (text) =>
  text.toLowerCase().replace(/ł/g, "l").normalize("NFD").replace(/[\u0300-\u036f]/g, "").split(/[^0-9a-z]+/).filter(Boolean);

/* How well a name fits what was typed: 0 not at all; each word typed must begin a word of it. */
export const fit = (name, typed) => {
  if (!typed.length) return 1;
  const own = words(name);
  if (!typed.every((word) => own.some((part) => part.startsWith(word)))) return 0;
  return own[0]?.startsWith(typed[0]) ? 2 : 1;
};

const gather = () => {
  const seen = new Set();
  const found = [];
  const add = (element, group) => {
    const name = nameOf(element);
    if (!name || seen.has(element) || element.matches("[data-opens=palette]")) return;
    seen.add(element);
    found.push({ element, group, name, key: element.dataset.key ?? "" });
  };
  const keyed = controls().filter((element) => !element.closest(".rail"));
  keyed.filter((element) => element.closest("main")).forEach((element) => add(element, "page"));
  document.querySelectorAll("main [data-command]").forEach((element) => {
    if (element.checkVisibility() && !element.disabled) add(element, "page");
  });
  keyed.forEach((element) => add(element, "page"));
  document.querySelectorAll(".rail :is([data-key], [data-command])").forEach((element) => add(element, "menu"));
  return found;
};

if (dialog) {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const cases = dialog.querySelector("#palette-cases");
  const model = dialog.querySelector("template").content.firstElementChild;
  let commands = [];
  let timer = 0;

  const choose = (option) => {
    const command = commands[option.dataset.at];
    dialog.close();
    if (command) act(command.element);
    else location.assign(option.href);
  };

  const box = combobox(field, list, { startsAtFirst: true, choose });

  const line = (command, at) => {
    const option = model.cloneNode(true);
    option.id = `command-at-${at}`;
    option.dataset.at = at;
    option.querySelector("b").textContent = command.name;
    option.querySelector("span").replaceChildren(
      ...command.key.split(" ").filter(Boolean).flatMap((part) => {
        const hint = document.createElement("kbd");
        hint.textContent = part.toUpperCase();
        return [hint, " "];
      }),
    );
    return option;
  };

  const tell = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const count = list.querySelectorAll("[role=option]:not([aria-disabled=true])").length;
      say(`${dialog.dataset.results} ${count}`);
    }, SAY_MS);
  };

  const fill = () => {
    const typed = words(field.value);
    const fitting = commands
      .map((command, at) => ({ command, at, rank: fit(command.name, typed) }))
      .filter(({ rank }) => rank)
      .sort((a, b) => b.rank - a.rank || a.at - b.at);
    for (const group of list.querySelectorAll("[data-commands]")) {
      const rows = fitting.filter(({ command }) => command.group === group.dataset.commands).slice(0, MOST_SHOWN);
      group.querySelectorAll("[role=option]").forEach((option) => option.remove());
      group.append(...rows.map(({ command, at }) => line(command, at)));
      group.hidden = !rows.length;
    }
    list.dispatchEvent(new CustomEvent("filled"));
  };

  list.addEventListener("filled", () => {
    const group = cases?.closest("[role=group]");
    if (group) group.hidden = !cases.querySelector("[role=option]");
    const nothing = !list.querySelector("[role=option]");
    dialog.querySelector("[data-none]").hidden = !nothing;
    list.hidden = nothing;
    box.refresh();
    tell();
  });

  const open = () => {
    commands = gather();
    field.value = "";
    cases?.replaceChildren();
    dialog.showModal();
    fill();
  };

  field.addEventListener("input", () => {
    if (!field.value.trim()) cases?.replaceChildren();
    fill();
  });
  cases?.addEventListener("htmx:afterSwap", () => {
    if (!field.value.trim()) cases.replaceChildren();
    list.dispatchEvent(new CustomEvent("filled"));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=palette]")) open();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!document.querySelector("dialog:modal")) open();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
