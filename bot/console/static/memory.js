// What the browser remembers for an operator: drafts, what was read, and switches. Drafts do not outlive the session.
const PREFIX = `komekshi:${document.body.dataset.operator}:`;
const KEPT = ["sound", "popups", "keys"];
let over = false;

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return ""; // storage is switched off: everything works, nothing is remembered
  }
}

export function remember(name, value) {
  if (over) return; // the page is being left
  try {
    if (value) localStorage.setItem(PREFIX + name, value);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // as above
  }
}

export function forget(beginning = "") {
  over = !beginning;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX + beginning) && !KEPT.includes(key.slice(PREFIX.length))) localStorage.removeItem(key);
    }
  } catch {
    // as above
  }
}
