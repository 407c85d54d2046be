// Keys by their place on the keyboard, so that they work in the Kazakh, Russian and English layouts alike.
import { recall, remember } from "./memory.js";

const overlay = document.getElementById("keys");
const box = document.getElementById("keys-on");

export function keys(bindings) {
  box.checked = recall("keys") !== "off";
  box.addEventListener("change", () => remember("keys", box.checked ? "" : "off"));
  document.getElementById("help").addEventListener("click", () => overlay.showModal());
  document.addEventListener("keydown", (event) => {
    if (!box.checked || overlay.open || event.ctrlKey || event.metaKey) return;
    if (isHelp(event)) {
      event.preventDefault();
      overlay.showModal();
    } else if (event.altKey && !event.shiftKey && event.code in bindings) {
      event.preventDefault();
      if (!event.repeat) bindings[event.code]();
    }
  });
}

function isHelp(event) {
  const writing = event.target instanceof Element && event.target.closest("input, textarea, select");
  return !writing && !event.altKey && (event.key === "?" || (event.shiftKey && event.code === "Slash"));
}
