/* The side pane of a case scrolls by itself: what is opened in it comes to its top, and the page
   behind it stays where it was. */

document.addEventListener(
  "toggle",
  ({ target }) => {
    const pane = target.closest?.(".case-side > .side");
    if (!pane || !target.open || !target.matches("[data-key]")) return;
    const room = pane.querySelector(".whose").offsetHeight + 12;
    pane.scrollTop += target.getBoundingClientRect().top - pane.getBoundingClientRect().top - room;
  },
  { capture: true },
);
