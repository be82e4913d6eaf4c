/* form[data-drop]: files are dropped on the page or chosen, and sent one by one with their progress.

   Without this the form sends all of them at once. Each answer is the <li> that the page would show
   for the file; a file that could not be sent keeps its name and says so. */

import { say } from "./requests.js";

const form = document.querySelector("form[data-drop]");
const input = form?.querySelector("input[type=file]");
const list = form?.querySelector("[data-drop-list]");
const after = form?.querySelector("[data-drop-after]");
const row = document.querySelector("template[data-drop-row]");

let queue = Promise.resolve();
let waiting = 0;

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

const send = (file, line) =>
  new Promise((done) => {
    const bar = line.querySelector("progress");
    const said = line.querySelector("[data-said]");
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("files", file, file.name);
    const fail = () => {
      bar.remove();
      said.textContent = form.dataset.failed;
      line.classList.add("is-bad");
      say(`${file.name}: ${form.dataset.failed}`);
      done();
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      said.textContent = form.dataset.reads;
    });
    request.addEventListener("load", () => {
      const came = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("body > li");
      if (!came || ![200, 422].includes(request.status)) {
        fail();
        return;
      }
      line.replaceWith(document.adoptNode(came));
      say(came.textContent.replace(/\s+/g, " ").trim());
      done();
    });
    for (const kind of ["error", "abort", "timeout"]) request.addEventListener(kind, fail);
    request.open("POST", form.action);
    request.setRequestHeader("X-Part", "outcomes");
    request.send(body);
  });

const take = (files) => {
  for (const file of files) {
    const line = row.content.firstElementChild.cloneNode(true);
    const bar = line.querySelector("progress");
    line.querySelector("[data-name]").textContent = file.name;
    bar.setAttribute("aria-label", file.name);
    line.querySelector("[data-said]").textContent = form.dataset.waits;
    list.append(line);
    list.hidden = false;
    waiting += 1;
    queue = queue.then(() => send(file, line)).then(() => {
      waiting -= 1;
      if (waiting) return;
      after.hidden = false;
      say(form.dataset.done);
    });
  }
};

if (form && input && list && row) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(input.files);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.remove("is-over");
    take(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });
}
