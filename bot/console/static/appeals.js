// Says when the appeal on the page, or a list, has changed meanwhile; what is being typed stays, also when the session
// ends. Steps are opened by key, and so are the neighbours in the list and its search.
import { forget, recall, remember } from "./memory.js";
import { connect } from "./wire.js";

const banner = document.getElementById("changed");
const sheet = document.querySelector("[data-appeal]");
const shown = sheet?.dataset.appeal;

connect({
  changed(news) {
    if (news.type !== "appeal" || (shown && news.id !== shown)) return;
    const added = shown && news.added ? banner.dataset.added : "";
    if (!banner.hidden && !added) return;
    const link = document.createElement("a");
    link.href = banner.dataset.address;
    link.textContent = banner.dataset.link;
    banner.hidden = false;
    banner.replaceChildren(`${news.told || added || banner.dataset.text} `, link);
  },
  back() {},
  lost() {},
});

const NEIGHBOURS = { KeyJ: "next", KeyK: "prev" };
const moves = [...document.querySelectorAll("details[data-move]")];

// By the key's place, not its letter: the same in the Kazakh, Russian and English layouts.
document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
    const move = moves[Number(event.code.at(-1)) - 1];
    if (!move) return;
    event.preventDefault();
    open(move);
  } else if (event.altKey && !event.ctrlKey && !event.metaKey && event.code in NEIGHBOURS) {
    const link = document.querySelector(`a[rel=${NEIGHBOURS[event.code]}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  } else if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyF") {
    const words = document.getElementById("words");
    if (!words) return;
    event.preventDefault();
    words.focus();
    words.select();
  } else if (event.ctrlKey && event.code === "Enter") {
    event.target.closest("details[data-move] form")?.requestSubmit();
  }
});

function open(move, focus = true) {
  for (const other of moves) other.open = other === move;
  if (!focus) return;
  move.scrollIntoView({ block: "nearest" });
  const field = move.querySelector("select, textarea, input:not([type=hidden])");
  (field ?? move.querySelector("button")).focus();
}

// What is typed is kept in this browser until the step is taken or somebody signs out.
const TYPED = "textarea, select, input:not([type=hidden], [type=file], [type=checkbox])";
if (sheet?.dataset.done) forget(`appeal:${shown}:${sheet.dataset.done}:`);
for (const form of document.querySelectorAll("form[data-action]")) {
  for (const field of form.querySelectorAll(TYPED)) {
    const name = `appeal:${shown}:${form.dataset.action}:${field.name}`;
    const typed = recall(name);
    if (edited(field)) {
      remember(name, field.value); // typed before this script had come
    } else if (typed && !document.querySelector("[role=alert], .wrong")) {
      // What the server gives back after an error is newer.
      field.value = typed;
      if (field.tagName === "TEXTAREA") open(form.closest("details"), false);
    }
    field.addEventListener("input", () => remember(name, field.value));
  }
}

function edited(field) {
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const chosen = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(chosen, 0);
}
