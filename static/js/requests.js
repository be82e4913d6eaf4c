/* What htmx leaves to the page: the token of a form, waiting, failure, and what a reader hears.

   - Every request that changes something carries the token of the page.
   - The target of a request is aria-busy while it waits; the style sheet shows it only when the
     wait is long enough to be seen.
   - A request that fails changes nothing: the bar #failure says what happened and what became of
     what was typed, and offers to try again.
   - What runs by itself ([data-by-itself]) changes nothing in which somebody is at that moment.
   - What is swapped in and wears data-say="37 cases" is said to a screen reader. If the focus was
     in what went away, it moves to the heading of what came. */

const failure = document.querySelector("#failure");
let failed = null;
let signedOut = false;
let lost = null;

/* Said in a new element each time, so that the same words are said twice. What lies behind an open
   dialog is silent, so that a dialog has a place of its own to speak from. */
export const say = (words) => {
  const live = document.querySelector("dialog:modal [data-live]") ?? document.querySelector("#live");
  if (!live || !words) return;
  const line = document.createElement("p");
  line.textContent = words;
  live.replaceChildren(line);
};

/* Who has signed in again has another token; the page learns it from the server. */
const renewToken = async () => {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("meta[name=csrf-token]")?.content;
    if (!token) return null;
    document.querySelector("meta[name=csrf-token]").content = token;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
      field.value = token;
    });
    return token;
  } catch {
    return null;
  }
};

const fail = (kind, config) => {
  /* What runs by itself while somebody types does not push aside what they sent. */
  if (!failure.hidden && failed && config?.elt.closest("[data-by-itself]")) return;
  failed = config ?? null;
  signedOut = kind === "signed-out";
  failure.querySelectorAll("[data-failure]").forEach((part) => {
    part.hidden = !part.dataset.failure.split(" ").includes(kind);
  });
  failure.hidden = false;
};

const KINDS = { 403: "refused", 404: "gone", 409: "conflict", 413: "large", 429: "often", 503: "busy" };

const isSignIn = (xhr) => {
  const path = failure?.dataset.signIn;
  return path && xhr.responseURL && new URL(xhr.responseURL).pathname === path && location.pathname !== path;
};

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute("aria-busy");
  const { elt, successful, xhr } = event.detail;
  if (successful && failure && !isSignIn(xhr) && (!failed || failed.elt === elt)) failure.hidden = true;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (isSignIn(xhr)) {
    event.detail.shouldSwap = false;
    fail("signed-out", event.detail.requestConfig);
    return;
  }
  const byItself = event.detail.requestConfig?.elt.closest("[data-by-itself]");
  if (byItself && target?.contains(document.activeElement) && document.activeElement !== document.body) {
    event.detail.shouldSwap = false;
    return;
  }
  lost = target?.contains(document.activeElement) && document.activeElement !== document.body ? document.activeElement : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const came = event.detail.elt;
  const words = [came, ...came.querySelectorAll("[data-say]")].map((part) => part.dataset?.say).filter(Boolean);
  say(words.join(" "));
  if (lost && !lost.isConnected && document.activeElement === document.body) {
    const heir = came.querySelector("[autofocus], h1, h2, h3") ?? came;
    if (!heir.matches("a, button, input, select, textarea, summary, [tabindex]")) heir.tabIndex = -1;
    heir.focus({ preventScroll: true });
  }
  lost = null;
});

if (failure) {
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    fail(KINDS[status] ?? "server", event.detail.requestConfig);
  });
  document.addEventListener("htmx:sendError", (event) => fail("network", event.detail.requestConfig));
  document.addEventListener("htmx:timeout", (event) => fail("network", event.detail.requestConfig));
  failure.querySelector("[data-act=again]").addEventListener("click", async () => {
    failure.hidden = true;
    if (!failed) return;
    const { verb, path, elt, target, parameters } = failed;
    const values = { ...parameters };
    const token = signedOut && (await renewToken());
    if (token && "csrfmiddlewaretoken" in values) values.csrfmiddlewaretoken = token;
    htmx.ajax(verb, path, { source: elt, target, values });
  });
  failure.querySelector("[data-act=close]").addEventListener("click", () => {
    failure.hidden = true;
  });
}
