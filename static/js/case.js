/* The case page: copying a number, and printing the case file. */

const live = document.querySelector("#live");

document.addEventListener("click", async (event) => {
  const copies = event.target.closest("[data-copy]");
  if (copies) {
    await navigator.clipboard.writeText(copies.dataset.copy);
    const before = copies.textContent;
    copies.textContent = copies.dataset.copied;
    if (live) live.textContent = copies.dataset.copied;
    setTimeout(() => { copies.textContent = before; }, 2000);
  }
  if (event.target.closest("[data-print]")) window.print();
});
