// The page inside the frame: header, conversation, composer; and its talk with the page around it.

import { Session } from "./session.js";
import { own, shared } from "./store.js";
import { fill, WORDS } from "./strings.js";
import { answeredUpTo, asked, shown } from "./thread.js";
import { make, rowsOf, Thread } from "./view.js";

const page = document.documentElement;
const query = new URLSearchParams(window.location.search);
const LIMIT = Number(page.dataset.limit);
const COUNTER_FROM = 300;
const FILE_MEGABYTES = Number(page.dataset.megabytes);
const NEAR_END = 80;
const SAVING_SECONDS = 60;
const LINK_PATIENCE = 1500;
const TYPING_AFTER = 250;

const el = (id) => document.getElementById(id);
const [log, list, box, form, send] = ["log", "list", "box", "composer", "send"].map(el);
const embedded = window.parent !== window;
const touch = window.matchMedia("(hover: none)").matches;

let locale = [shared.read("locale"), query.get("lang")].find((code) => WORDS[code]) || null;
let say = WORDS[locale || (navigator.language.startsWith("ru") ? "ru" : "kk")];
let host = null;
let panelShown = !embedded;
let notes = [];
let hint = "";
let greeted = false;

const session = new Session(locale, {
  changed: () => schedule(),
  arrived: (message) => { if (message.author !== "citizen" && greeted) tellHost({ type: "message", author: message.author }); },
  opened: () => tellHost({ type: "conversation" }),
  expired: () => { notes = [say.expired]; thread.clear(); },
  failed: (code) => tellHost({ type: "error", code }),
});
const thread = new Thread(list, {
  press: (seq, button) => session.press(seq, button),
  resend: (id) => session.resend(id),
  discard: (id) => { session.discard(id); box.focus(); },
  download: (file) => download(file),
});

// --- showing -----------------------------------------------------------------------------------

let scheduled = false;
function schedule() {
  if (scheduled) return;
  scheduled = true;
  // Not an animation frame: those stand still in a hidden tab, and the badge has to count.
  setTimeout(() => { scheduled = false; render(); });
}

function render() {
  const all = [...session.messages.values()];
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  const rows = rowsOf(shown(all), session.pending, session.pressed, answeredUpTo(all, session.pressed), notes);
  const news = thread.show(rows, say);
  log.setAttribute("aria-busy", String(!session.kept));
  el("loading").hidden = rows.length > 0;
  showTyping();
  showLink();
  showAsk(asked(all));
  const mine = rows.length && rows[rows.length - 1].author === "citizen";
  if (!greeted && all.length) { greeted = true; scrollToEnd(); }
  else if (atEnd || mine) news && !mine ? scrollToStartOf(news) : scrollToEnd();
  else if (news) el("newer").hidden = false;
}

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
  el("newer").hidden = true;
}

/** A long answer is read from its beginning. */
function scrollToStartOf(node) {
  log.scrollTop = Math.min(node.offsetTop - 56, log.scrollHeight);
}

let typingTimer = 0;
function showTyping() {
  clearTimeout(typingTimer);
  if (!session.busy) { el("typing").hidden = true; return; }
  typingTimer = setTimeout(() => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    el("typing").hidden = false;
    if (atEnd) log.scrollTop = log.scrollHeight;
  }, TYPING_AFTER);
}

let linkTimer = 0;
function showLink() {
  const banner = el("link");
  const word = { offline: say.offline, reconnecting: say.reconnecting, unavailable: say.unavailable }[session.link] || "";
  clearTimeout(linkTimer);
  if (!word) { banner.hidden = true; banner.textContent = ""; return; }
  // A blink of the line is nobody's business.
  linkTimer = setTimeout(() => { banner.hidden = false; banner.textContent = word; }, session.link === "offline" ? 0 : LINK_PATIENCE);
}

function showAsk(ask) {
  el("place").hidden = ask !== "place";
  el("attach").classList.toggle("wanted", ask === "files");
  box.inputMode = ask === "contact" ? "tel" : "text";
  const told = hint || { contact: say.contactHint, files: say.filesHint }[ask] || "";
  if (el("hint").textContent !== told) el("hint").textContent = told;
}

function showHint(text) {
  hint = text;
  schedule();
}

// --- language ----------------------------------------------------------------------------------

function translate() {
  say = WORDS[locale || (say === WORDS.ru ? "ru" : "kk")];
  page.lang = say === WORDS.ru ? "ru" : "kk";
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = say[node.dataset.text];
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say[node.dataset.label]);
    if (node.tagName === "BUTTON") node.title = say[node.dataset.label];
  }
  for (const node of document.querySelectorAll("[data-outside]")) {
    node.href = `${node.dataset.outside}?lang=${page.lang}`;
    node.setAttribute("aria-label", `${say[node.dataset.text]} (${say.newTab})`);
  }
  for (const node of document.querySelectorAll("[data-locale]")) node.setAttribute("aria-pressed", String(node.dataset.locale === page.lang));
  box.placeholder = say.placeholder;
  box.lang = page.lang;
  if (!el("title").dataset.own) el("title").textContent = say.title;
  document.title = el("title").textContent;
  count();
}

function setLocale(code, told) {
  if (!WORDS[code]) return;
  const changed = code !== page.lang || !locale;
  locale = session.locale = code;
  shared.write("locale", code);
  translate();
  thread.clear();
  schedule();
  if (changed && session.kept) session.send("button", { button: `language.set:${code}` }, code === "kk" ? "Қазақша" : "Русский");
  if (!told) tellHost({ type: "locale", locale: code });
}

// --- composer ----------------------------------------------------------------------------------

function count() {
  const length = [...box.value.trim()].length;
  const left = LIMIT - length;
  el("counter").textContent = left < 0 ? fill(say.over, -left) : left <= COUNTER_FROM ? fill(say.left, left) : "";
  el("counter").classList.toggle("over", left < 0);
  box.setAttribute("aria-invalid", String(left < 0));
  send.setAttribute("aria-disabled", String(!length || left < 0));
  return length > 0 && left >= 0;
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
}

function written() {
  grow();
  count();
  own.write("draft", box.value);
  if (hint) showHint("");
}

function sendText() {
  if (!count()) return;
  const text = box.value.trim();
  notes = [];
  box.value = "";
  written();
  session.send("text", { text }, text);
  if (!touch) box.focus();
}

function sendFile(file) {
  if (!file) return;
  if (!file.size) { showHint(say.emptyFile); return; }
  if (file.size > FILE_MEGABYTES * 1024 * 1024) { showHint(fill(say.tooBig, FILE_MEGABYTES)); return; }
  showHint("");
  session.send("file", {}, `📎 ${file.name}`, { file });
}

/** The token goes into a header, never into an address: so the file is fetched, and saved from memory. */
async function download(file) {
  try {
    const { name, content } = await session.download(file);
    const address = URL.createObjectURL(content);
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), SAVING_SECONDS * 1000);
    showHint("");
  } catch {
    showHint(say.notDownloaded);
  }
}

function sendPlace() {
  if (!navigator.geolocation) { showHint(say.noPlace); return; }
  showHint(say.locating);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      showHint("");
      session.send("place", { place: { lat: coords.latitude, lon: coords.longitude } }, say.placeSent);
    },
    () => showHint(say.noPlace),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

form.addEventListener("submit", (event) => { event.preventDefault(); sendText(); });
box.addEventListener("input", written);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendText(); }
});
box.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (files.length) { event.preventDefault(); files.forEach(sendFile); }
});
el("attach").addEventListener("click", () => el("file").click());
el("file").addEventListener("change", (event) => { sendFile(event.target.files[0]); event.target.value = ""; });
el("place").addEventListener("click", sendPlace);
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    el("drop").hidden = kind !== "dragover";
    if (kind === "drop") [...event.dataTransfer.files].forEach(sendFile);
  });
}

// --- header ------------------------------------------------------------------------------------

for (const button of document.querySelectorAll("button[data-locale]")) {
  button.addEventListener("click", () => setLocale(button.dataset.locale));
}
el("human").addEventListener("click", () => session.send("button", { button: "human.ask" }, say.operator));
el("fresh").addEventListener("click", () => el("confirm").showModal());
el("confirm").addEventListener("close", () => {
  if (el("confirm").returnValue === "yes") startAfresh();
  el("confirm").returnValue = "";
});
el("newer").addEventListener("click", () => { scrollToEnd(); box.focus(); });
log.addEventListener("scroll", () => { if (log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END) el("newer").hidden = true; });
el("close").addEventListener("click", () => tellHost({ type: "close" }));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !el("confirm").open) tellHost({ type: "close" });
});

function startAfresh() {
  notes = [];
  greeted = false;
  thread.clear();
  session.reset();
  box.focus();
}

/** The status page leads here with the appeal one does not agree with; a reload must not do it again. */
function contest(reference) {
  if (!/^KM-20\d\d-\d{6,9}$/.test(reference || "")) return;
  window.history.replaceState(null, "", `?lang=${page.lang}`);
  session.send("button", { button: `complain:${reference}` }, say.disagree);
}

/** A link leads here with the key of a draft to go on with; it is taken out of the address at once. */
function carry(key) {
  if (!/^[0-9a-f]{64}$/.test(key || "")) return;
  window.history.replaceState(null, "", `?lang=${page.lang}`);
  session.send("button", { link: key }, say.carried);
}

// --- the page around ---------------------------------------------------------------------------

function tellHost(message) {
  if (embedded && (host || message.type === "ready")) window.parent.postMessage({ komekshi: 1, ...message }, host || "*");
}

function showPanel(focus) {
  panelShown = true;
  session.start();
  if (focus && !touch) box.focus();
  else if (focus) el("title").focus();
  if (el("newer").hidden) scrollToEnd();
}

// Who may frame us says the server's frame-ancestors; the first greeting then fixes whom we talk to.
window.addEventListener("message", (event) => {
  const data = event.data;
  if (!embedded || event.source !== window.parent || !data || data.komekshi !== 1) return;
  if (host && event.origin !== host) return;
  if (data.type === "hello") {
    host = event.origin;
    if (data.title) { el("title").textContent = String(data.title).slice(0, 60); el("title").dataset.own = "1"; }
    if (data.shown) showPanel(true);
    else if (session.exists) session.start();
  } else if (!host) return;
  else if (data.type === "opened") showPanel(data.focus);
  else if (data.type === "closed") panelShown = false;
  else if (data.type === "locale") setLocale(data.locale, true);
  else if (data.type === "reset") { panelShown ? startAfresh() : session.reset(); }
});

page.dataset.theme = ["light", "dark"].includes(query.get("theme")) ? query.get("theme") : "auto";
page.dataset.embedded = String(embedded);
box.value = own.read("draft") || "";
translate();
grow();
if (embedded) tellHost({ type: "ready" });
else {
  session.start();
  contest(query.get("complain"));
  carry(new URLSearchParams(window.location.hash.slice(1)).get("carry"));
}
