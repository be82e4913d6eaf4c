/* Logging a contact by keyboard. The form works without this: it only saves keystrokes.

   - L goes to the panel, D too where a contact is what is to be done, P to a promise, Escape back to where the focus was before.
   - A chosen result opens its fields (the style sheet does) and puts the focus into the first.
   - What the server understood is written into the fields, and the note as long as nobody changed it.
   - The number fits the channel and the person.
   - What is typed is kept once more when the page is left. */

import { isTyping } from "./keys.js";

const panel = () => document.querySelector("#contact-log");
const form = () => document.querySelector("#contact-form");
const field = (name) => form()?.elements[name];

let before = null;
let dirty = false;

const enter = () => {
  if (!panel().contains(document.activeElement)) before = document.activeElement;
  const chosen = form().querySelector("[name=way]:checked") ?? form().querySelector("[name=way]");
  chosen.focus();
};

const leave = () => {
  const there = before?.isConnected && before !== document.body ? before : panel().querySelector("a[data-key=l]");
  before = null;
  there.focus();
};

/* The fields of a result are shown by the style sheet, so that they can be focused at once. */
const openFields = (result) => {
  const first = [...form().querySelectorAll(`.for-${result} :is(input:not([type=hidden], [type=checkbox]), select)`)].find(
    (element) => element.checkVisibility(),
  );
  if (!first) return;
  first.focus();
  first.select?.();
};

const choose = (name, value) => {
  const radio = form().querySelector(`[name="${name}"][value="${value}"]`);
  if (!radio || radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
};

/* "phone.out" needs a telephone, "email.in" a mailbox, a letter and a visit nothing. */
const fitPoint = () => {
  const select = field("contact_point");
  const way = field("way").value.split(".")[0];
  const person = field("person").value;
  const wanted = { phone: "phone", sms: "phone", email: "email" }[way];
  const fits = [...select.options].filter((option) => option.dataset.kind === wanted);
  const best = fits.find((option) => option.dataset.person === person) ?? fits[0];
  select.value = best ? best.value : "";
};

/* The note that was made for the officer is theirs as soon as they change it. */
const fillNote = (note) => {
  const box = field("note");
  const made = box.dataset.made ?? "";
  if (box.value === made) box.value = note;
  else if (made && box.value.startsWith(made)) box.value = note + box.value.slice(made.length);
  box.dataset.made = note;
};

/* A form that comes with a note, refused or begun before: what of it was made for the officer. */
const knowNote = () => {
  const box = field("note");
  const made = panel()?.querySelector(".echo")?.dataset.note;
  if (!box || !made) return;
  if (!box.value) box.value = made;
  if (box.value.startsWith(made)) box.dataset.made = made;
};

const fillPromise = ({ amount, day }) => {
  if (!field("quick").value || !amount || !day) return;
  field("amount").value = amount;
  field("promised_on").value = day;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-key=l], a[data-key=p], a[data-key=d]");
  if (!link || !form()) return;
  event.preventDefault();
  enter();
  if (link.dataset.key === "p") {
    choose("result", "promised");
    openFields("promised");
  }
});

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.form !== form() || !form()) return;
  dirty = true;
  if (target.name === "result") openFields(target.value);
  if (target.name === "way" || target.name === "person") fitPoint();
});

document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.form !== form() || !form()) return;
  dirty = true;
  if (target.name === "amount" || target.name === "promised_on") field("quick").value = "";
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "contact-said") {
    const said = event.target.querySelector(".echo").dataset;
    fillNote(said.note);
    fillPromise(said);
  }
  if (event.target.id === "contact-kept") dirty = false;
  if (event.detail.elt?.id === "contact-log" || event.target.id === "contact-log") knowNote();
});

/* From a field of the panel to its choices, from there to where one was; another form folds. */
const escape = (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog:modal")) return;
  const { target } = event;
  const folded = target.closest?.(".side details[data-key][open]");
  if (folded) {
    folded.open = false;
    folded.querySelector("summary").focus();
  } else if (panel()?.contains(target)) {
    const chosen = isTyping(target) && (form().querySelector("[name=result]:checked") ?? form().querySelector("[name=way]:checked"));
    if (chosen) chosen.focus();
    else leave();
  } else {
    return;
  }
  event.preventDefault();
};

document.addEventListener("keydown", escape, { capture: true });

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || !dirty || !form()) return;
  const kept = document.querySelector("#contact-kept");
  navigator.sendBeacon(kept.getAttribute("hx-post"), new FormData(form()));
  dirty = false;
});

knowNote();
if (form() && new URLSearchParams(location.search).get("result")) openFields(field("result").value);
else if (form() && location.hash === "#contact-log") enter();
