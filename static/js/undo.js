/* Undo: the time that is left, in words, without motion. When it is over, what was done stands. */

import { say } from "./requests.js";

const notice = document.querySelector(".undo[data-left]");

if (notice) {
  const words = notice.dataset.left.split("|");
  const shown = notice.querySelector("[data-countdown]");
  const button = notice.querySelector("button");
  say(`${notice.querySelector("span").textContent} ${button.textContent.trim()}, ${words[0]}`);
  const began = performance.now();
  const tick = () => {
    const passed = Math.floor((performance.now() - began) / 1000);
    if (passed >= words.length) {
      if (notice.contains(document.activeElement)) document.querySelector("#main")?.focus();
      notice.querySelector("form").remove();
      return;
    }
    if (shown.textContent !== words[passed]) shown.textContent = words[passed];
    setTimeout(tick, 250);
  };
  tick();
}
