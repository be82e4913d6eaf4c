/* [data-choose-all="<id of a form>"]: ticks every box of that form on the page, or none of them. */

const boxes = (id) => [...document.querySelectorAll(`input[type=checkbox][form="${CSS.escape(id)}"]:not(:disabled)`)];

document.querySelectorAll("[data-choose-all]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = boxes(button.dataset.chooseAll);
    const tick = all.some((box) => !box.checked);
    all.filter((box) => box.checked !== tick).forEach((box) => box.click());
  });
});
