/* The end of a session in which nothing is done: a warning two minutes before, and nothing that was
   typed is lost. The server decides; the page asks it, and says that somebody is there while they
   type or move without asking the server for anything.

   When the session has ended, the page stays as it was behind an opaque curtain. Whoever signs in
   again in another window finds it unchanged, with forms that the server takes. */

const WARN_SECONDS = 120;
const TELL_MS = 60_000;
const LOOK_MS = 15_000;

const dialog = document.querySelector("#idle");

if (dialog) {
  const whole = Number(dialog.dataset.minutes) * 60_000;
  let active = Date.now();
  let told = Date.now();
  let isAsking = false;

  const part = (name) => {
    dialog.querySelectorAll("[data-part]").forEach((each) => {
      each.hidden = each.dataset.part !== name;
    });
    dialog.classList.toggle("is-over", name === "over");
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(`[data-part=${name}] :is(button, a)`).focus();
  };

  const isOver = () => dialog.classList.contains("is-over");

  const token = () => document.querySelector("meta[name=csrf-token]");

  const renew = (fresh) => {
    if (!fresh) return;
    token().content = fresh;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => {
      field.value = fresh;
    });
  };

  /* What the server says; null where it cannot be reached. */
  const ask = async (path, options = {}) => {
    try {
      const answer = await fetch(path, { credentials: "same-origin", redirect: "manual", ...options });
      return answer.ok ? await answer.json() : { user: null, seconds_left: 0 };
    } catch {
      return null;
    }
  };

  const stay = async () => {
    told = Date.now();
    const state = await ask(dialog.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token().content } });
    if (state) settle(state);
  };

  const look = async () => {
    if (isAsking) return;
    isAsking = true;
    const state = await ask(dialog.dataset.state, { headers: { "X-Background": "1" } });
    isAsking = false;
    if (state) settle(state);
  };

  const settle = (state) => {
    if (state.user === null) {
      if (!isOver()) part("over");
      return;
    }
    if (String(state.user) !== dialog.dataset.user) {
      location.reload();
      return;
    }
    renew(state.token);
    if (state.seconds_left > WARN_SECONDS) {
      told = Math.max(told, Date.now() + state.seconds_left * 1000 - whole);
      if (dialog.open) dialog.close();
      dialog.classList.remove("is-over");
      return;
    }
    const at = new Date(Date.now() + state.seconds_left * 1000);
    dialog.querySelector("[data-at]").textContent = at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (!dialog.open || isOver()) part("warning");
  };

  const move = () => {
    active = Date.now();
    if (!dialog.open && active - told > TELL_MS) stay();
  };

  for (const kind of ["keydown", "pointerdown", "input", "wheel"]) {
    document.addEventListener(kind, move, { passive: true, capture: true });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const headers = event.detail.requestConfig?.headers ?? {};
    if (event.detail.successful && !("X-Background" in headers)) told = Date.now();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (dialog.open || Date.now() - told > whole - WARN_SECONDS * 1000)) look();
  });
  setInterval(() => {
    if (Date.now() - told > whole - WARN_SECONDS * 1000) look();
  }, LOOK_MS);

  dialog.querySelector("[data-act=stay]").addEventListener("click", stay);
  dialog.querySelector("[data-act=check]").addEventListener("click", look);
  /* Escape stays signed in while there is something to stay in; the curtain does not lift by it. */
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!isOver()) stay();
  });
}
