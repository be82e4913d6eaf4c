/* A native date field shows the day as the browser writes it; beside it stands the day as the
   reader of the page does: "Tue 12.05.2026". */

const LANGUAGE = document.documentElement.lang;

function inWords(value) {
  const [year, month, day] = value.split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  const weekday = date.toLocaleDateString(LANGUAGE, { weekday: "short", timeZone: "UTC" });
  return `${weekday} ${String(day).padStart(2, "0")}.${String(month).padStart(2, "0")}.${year}`;
}

function tell(field) {
  let said = field.nextElementSibling;
  if (!said?.matches(".day-said")) {
    said = document.createElement("span");
    said.className = "day-said";
    said.id = `${field.id || field.name}-said`;
    field.after(said);
    const described = [field.getAttribute("aria-describedby"), said.id].filter(Boolean);
    field.setAttribute("aria-describedby", described.join(" "));
  }
  said.textContent = field.value ? inWords(field.value) : "";
}

function tellAll(part) {
  part.querySelectorAll?.("input[type=date]").forEach(tell);
}

tellAll(document);
document.addEventListener("htmx:load", (event) => tellAll(event.target));
document.addEventListener("input", (event) => {
  if (event.target.matches("input[type=date]")) tell(event.target);
});
document.addEventListener("reset", (event) => {
  setTimeout(() => tellAll(event.target));
});
