/* Keys. A page declares a key on the control that it stands for, and shows it there:

     <a href="/next/" data-key="n">Start next <kbd>N</kbd></a>      one key
     <a href="/cases/" data-key="g c">Cases</a>                     two keys, one after the other
     <details data-key="l"><summary>Log a contact <kbd>L</kbd>…     opens, and closes
     <input type="radio" data-key="1">                              is chosen
     <textarea data-key="m">                                        takes the focus

   A link, a button, a radio and a box are pressed; a field is entered, and what stands in it is
   selected; a <details> is opened and its first field entered. An open one is closed, unless it has
   a field and the focus is elsewhere: then that is entered.
   - What is not visible has no key; inside [data-key-hidden] (a menu that is folded away) it has.
   - Of two controls with one key, the one in the [data-key-scope] where the focus is comes first,
     then the earlier one. While a dialog is open, only what stands in it has keys.
   - A key that starts a sequence on this page is not a single key on it.
   - data-key-label says what the key does where the control's own words do not.
   - No key fires while somebody types; html[data-single-keys=off] switches all of them off
     (WCAG 2.1.4), except those with Ctrl.
   - Ctrl Enter submits the form in which the focus is, by its primary button.
   - Escape leaves a field for where the focus was, or else for the first link or button of its
     [data-key-scope]; or it folds the [data-key] <details> around it.
   The list of keys and the palette are read off the page, so that they know whatever is declared. */

const SEQUENCE_MS = 1500;
const TYPED = "input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=range]), textarea, select, [contenteditable]";

let before = null;
let pending = "";
let pendingUntil = 0;

/* A field of a dialog that has just been closed keeps the focus until the next frame is drawn. */
export const isTyping = (element) => Boolean(element?.closest?.(TYPED)?.checkVisibility());

export const areOn = () => document.documentElement.dataset.singleKeys !== "off";

const root = () => document.querySelector("dialog:modal") ?? document;

const isUsable = (element) =>
  !element.disabled &&
  element.getAttribute("aria-disabled") !== "true" &&
  (element.checkVisibility() || element.closest("[data-key-hidden]"));

/* Every control that has a key now, those of the scope of the focus first. */
export const controls = () => {
  const scope = document.activeElement?.closest("[data-key-scope]");
  const all = [...root().querySelectorAll("[data-key]")].filter(isUsable);
  return scope ? [...all.filter((e) => scope.contains(e)), ...all.filter((e) => !scope.contains(e))] : all;
};

/* What the control is called: its own words without the key shown in them. */
export const nameOf = (element) => {
  const own = element.dataset.keyLabel ?? element.getAttribute("aria-label");
  if (own) return own.trim();
  const source = element.labels?.[0] ?? (element.matches("details") ? element.querySelector("summary") : element);
  const copy = source.cloneNode(true);
  copy.querySelectorAll("kbd, [data-count], svg, input, select, textarea").forEach((part) => part.remove());
  const parts = [];
  for (const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT); texts.nextNode(); ) parts.push(texts.currentNode.data);
  /* Parts that stand apart on the page are words apart; a mark of punctuation keeps to its word. */
  return parts.join(" ").replace(/\s+/g, " ").replace(/ ([,.;:…])/g, "$1").trim() || (element.getAttribute("placeholder") ?? "");
};

export const act = (element) => {
  if (element.matches("details")) {
    const field = element.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    element.open = !element.open || Boolean(field && !element.contains(document.activeElement));
    const inside = element.open && field;
    (inside || element.querySelector("summary")).focus();
    if (inside && inside.matches("input")) inside.select();
  } else if (element.matches(TYPED)) {
    before = document.activeElement;
    element.focus();
    element.select?.();
  } else {
    if (element.matches("input")) element.focus();
    element.click();
  }
};

const submit = (form) => {
  const buttons = [...form.elements].filter((e) => e.matches("button, [type=submit]") && e.type === "submit" && !e.disabled);
  const button = buttons.find((e) => e.classList.contains("primary")) ?? buttons[0];
  /* A click, so that the name of the button is sent whoever sends the form. */
  if (button) button.click();
  else form.requestSubmit();
};

const leave = (event) => {
  const element = event.target;
  if (isTyping(element)) {
    element.blur();
    const cameFrom = before?.isConnected && before !== document.body ? before : null;
    const inScope = [...(element.closest("[data-key-scope]")?.querySelectorAll("a, button, summary") ?? [])];
    (cameFrom ?? inScope.find(isUsable))?.focus();
    before = null;
    return;
  }
  const folded = element.closest?.("details[data-key][open]");
  if (folded) {
    folded.open = false;
    folded.querySelector("summary").focus();
  }
};

const pressed = (key, now) => {
  const all = controls();
  const sequence = pending && now < pendingUntil ? `${pending} ${key}` : "";
  pending = "";
  if (sequence) return all.find((e) => e.dataset.key === sequence);
  if (all.some((e) => e.dataset.key.startsWith(`${key} `))) {
    pending = key;
    pendingUntil = now + SEQUENCE_MS;
    return "waiting";
  }
  return all.find((e) => e.dataset.key === key);
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    if (form) {
      event.preventDefault();
      submit(form);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (root() === document) leave(event);
    return;
  }
  if (event.repeat || event.key.length !== 1 || event.key === " " || isTyping(event.target) || !areOn()) return;
  const found = pressed(event.key.toLowerCase(), event.timeStamp);
  if (!found) return;
  event.preventDefault();
  if (found !== "waiting") act(found);
});

/* Screen readers learn of a key from the control itself. */
const SPOKEN = (root) => root.querySelectorAll?.("[data-key]:not([aria-keyshortcuts])").forEach((element) => {
  if (areOn()) (element.matches("details") ? element.querySelector("summary") : element).setAttribute("aria-keyshortcuts", element.dataset.key);
});
SPOKEN(document);
document.addEventListener("htmx:load", (event) => SPOKEN(event.target));
