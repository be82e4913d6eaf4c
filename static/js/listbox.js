/* A field with a list under it that it steers: the combobox of the ARIA practices.

   The focus stays in the field; the option that Enter would choose is aria-selected and named by
   aria-activedescendant. Options are [role=option] with an id; those aria-disabled are only read. */

export const combobox = (field, list, { isPopup = false, startsAtFirst = false, choose = (option) => option.click() } = {}) => {
  const options = () =>
    [...list.querySelectorAll("[role=option]:not([aria-disabled=true])")].filter((option) => option.checkVisibility());
  const active = () => list.querySelector("[role=option][aria-selected=true]");

  const mark = (option) => {
    active()?.setAttribute("aria-selected", "false");
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  const show = (isOpen) => {
    if (!isPopup) return;
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(null);
  };

  /* After the list has changed: what was chosen stays chosen where it is still there. */
  const refresh = () => {
    const all = options();
    mark(all.includes(active()) ? active() : startsAtFirst ? all[0] : null);
  };

  const move = (by) => {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(active());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
    mark(all[next]);
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isOpen && list.querySelector("[role=option]")) show(true);
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && isOpen && active()) {
      choose(active());
    } else if (event.key === "Escape" && isPopup && isOpen) {
      show(false);
    } else {
      return;
    }
    event.preventDefault();
  });

  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]:not([aria-disabled=true])");
    if (!option || !event.isTrusted || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(option);
  });
  if (isPopup) field.addEventListener("blur", () => show(false));

  return { refresh, show };
};
