// What every page of the console needs; all pages work without it.
import { forget } from "./memory.js";

document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => forget());

// A menu or a confirmation closes by Escape and by a click elsewhere.
const POPUPS = "details.menu, details.confirm";
document.addEventListener("click", (event) => {
  for (const popup of document.querySelectorAll(POPUPS)) if (!popup.contains(event.target)) popup.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const popup of document.querySelectorAll(POPUPS)) {
    if (!popup.open) continue;
    popup.open = false;
    if (popup.contains(document.activeElement)) popup.querySelector("summary").focus();
  }
});

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}
