// Says when the appeal on the page, or a list, has changed meanwhile; what is being typed stays. Steps are opened by key.
import { connect } from "./wire.js";

const banner = document.getElementById("changed");
const shown = document.querySelector("[data-appeal]")?.dataset.appeal;

connect({
  changed(news) {
    if (news.type !== "appeal" || (shown && news.id !== shown) || !banner.hidden) return;
    const link = document.createElement("a");
    link.href = location.pathname + (shown ? "" : location.search);
    link.textContent = banner.dataset.link;
    banner.hidden = false;
    banner.replaceChildren(`${news.told || banner.dataset.text} `, link);
  },
  back() {},
  lost() {},
});

const moves = [...document.querySelectorAll("details[data-move]")];

// By the key's place, not its letter: the same in the Kazakh, Russian and English layouts.
document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
    const move = moves[Number(event.code.at(-1)) - 1];
    if (!move) return;
    event.preventDefault();
    open(move);
  } else if (event.ctrlKey && event.code === "Enter") {
    event.target.closest("details[data-move] form")?.requestSubmit();
  }
});

function open(move) {
  for (const other of moves) other.open = other === move;
  const field = move.querySelector("select, textarea, input:not([type=hidden])");
  (field ?? move.querySelector("button")).focus();
}
