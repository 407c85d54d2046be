// The three panes: live updates, sending without a reload, drafts, unread marks, alerts and keys.
import { alerts } from "./alerts.js";
import { keys } from "./keys.js";
import { recall, remember } from "./memory.js";
import { connect } from "./wire.js";

const panes = document.getElementById("panes");
const log = document.getElementById("log");
const lines = document.getElementById("lines");
const words = JSON.parse(document.getElementById("words").textContent);
const title = document.title;
const touch = matchMedia("(pointer: coarse)");
const opened = panes.dataset.open;
let seq = Number(panes.dataset.seq);
let state = panes.dataset.state;
let counters = null;
let claiming = false;

// --- fetching ------------------------------------------------------------------------------

async function fetchPart(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}

// One refresh at a time; what is asked for meanwhile is one more afterwards.
function single(work) {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      try {
        await work();
      } catch {
        // the wire's own state tells of trouble, and its return refreshes everything
      }
    }
    running = false;
  };
}

// What has not changed stays as it is, with the operator's focus and selection.
const shown = new Map();

function replace(element, html) {
  if (shown.get(element) === html) return;
  shown.set(element, html);
  const place = element.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  element.innerHTML = html;
  if (place) (element.querySelector(place) ?? element.querySelector("a, button, summary"))?.focus({ preventScroll: true });
}

function placeOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.dataset.id) return `[data-id="${CSS.escape(element.dataset.id)}"]`;
  if (element.dataset.tab) return `[data-tab="${element.dataset.tab}"]`;
  const parent = element.closest("[id]");
  return parent ? `#${CSS.escape(parent.id)} ${element.localName}` : element.localName;
}

const list = document.getElementById("list");
const pastPage = new URLSearchParams(location.search).has("before");
const sought = () => list.querySelector("#code")?.value;

const refreshList = single(async () => {
  if (!panes.dataset.tab) return; // an executor reads one dialogue and has no list
  const query = new URLSearchParams({ tab: panes.dataset.tab, open: opened });
  const part = await fetchPart(`/console/parts/conversations?${query}`);
  if (!pastPage && !sought()) replace(list, part.html);
  count(part);
});

const refreshDialogue = single(async () => {
  if (!opened) return;
  const part = await fetchPart(`/console/parts/conversations/${encodeURIComponent(opened)}?after=${seq}`);
  append(part.messages);
  seq = Math.max(seq, part.seq);
  if (document.visibilityState === "visible") markRead();
  replace(document.getElementById("context"), part.context);
  if (part.state !== state) {
    state = part.state;
    replace(document.getElementById("head"), part.head);
    document.getElementById("composer").innerHTML = part.composer;
    prepareComposer();
    // In the same moment in which the box appears: later, the operator may be somewhere else already.
    if (claiming && state.startsWith("mine")) write("say");
  }
});

// On a phone the page scrolls, elsewhere the log does.
function isAtEnd() {
  if (log.scrollHeight > log.clientHeight + 1) return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const last = lines.lastElementChild?.getBoundingClientRect();
  return !last || (last.bottom > 0 && last.top < innerHeight); // who reads the context below is not pulled up
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  if (log.scrollHeight <= log.clientHeight + 1) lines.lastElementChild?.scrollIntoView({ block: "end" });
}

function append(html) {
  const atEnd = isAtEnd();
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const line of [...holder.content.children]) {
    if (lines.querySelector(`[data-seq="${line.dataset.seq}"]`)) continue;
    line.classList.add("new");
    lines.append(line);
  }
  if (atEnd) toEnd();
}

// --- unread, title, alerts -----------------------------------------------------------------

const alert = alerts(words);

function markRead() {
  if (opened) remember(`read:${opened}`, String(seq));
}

function isUnread(id, last) {
  return last > Number(recall(`read:${id}`) || last) && !(id === opened && document.visibilityState === "visible");
}

function count(part) {
  // What is held but was never opened here counts from now on.
  for (const [id, last] of Object.entries(part.mine)) if (!recall(`read:${id}`)) remember(`read:${id}`, String(last));
  const unread = Object.entries(part.mine).filter(([id, last]) => isUnread(id, last)).map(([id]) => id);
  const sum = part.waiting + unread.length;
  document.title = sum ? `(${sum}) ${title}` : title;
  for (const card of list.querySelectorAll(".card")) {
    card.querySelector(".unread").hidden = !unread.includes(card.dataset.id);
  }
  if (counters) {
    if (part.waiting > counters.waiting) alert(words.queue);
    else if (unread.some((id) => part.mine[id] > (counters.mine[id] ?? 0))) alert(words.message);
  }
  counters = part;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  markRead();
  refreshList();
});

// --- actions and composer --------------------------------------------------------------------

function failed(text) {
  const place = document.getElementById("failed");
  if (place) place.textContent = text;
}

async function submit(form) {
  const buttons = [...form.querySelectorAll("button")];
  failed("");
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": document.body.dataset.csrf },
      body: new URLSearchParams(new FormData(form)),
    });
    const told = await answer.json();
    if (answer.status === 401) location.reload();
    if (!answer.ok) {
      failed([told.title, told.detail].filter(Boolean).join(". "));
      refreshDialogue();
      return false;
    }
    tell(told.text);
    // The next words are others: the form gets a new name for them.
    const once = form.querySelector("[name=once]");
    if (once) once.value = told.once;
    return true;
  } catch {
    failed(words.failed);
    return false;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function tell(text) {
  const place = document.getElementById("told");
  const notice = document.createElement("p");
  notice.className = "unseen";
  notice.setAttribute("role", "status");
  place.replaceChildren(notice);
  notice.textContent = text;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-act], .composer form")) return;
  event.preventDefault();
  if (form.querySelector("button[disabled]")) return;
  claiming = form.action.endsWith("/claim");
  if (!(await submit(form))) return;
  const field = form.querySelector("textarea");
  if (field) {
    field.value = "";
    remember(draftOf(field), "");
    field.focus();
    toEnd();
  }
  form.closest("details")?.removeAttribute("open");
  refreshDialogue();
  refreshList();
});

function draftOf(field) {
  return `draft:${opened}:${field.id}`;
}

function prepareComposer() {
  const composer = document.querySelector(".composer");
  if (!composer) return;
  document.getElementById("kinds").hidden = false;
  for (const field of composer.querySelectorAll("textarea")) {
    field.value ||= recall(draftOf(field));
    remember(draftOf(field), field.value); // perhaps typed before this script had come
    field.addEventListener("input", () => remember(draftOf(field), field.value));
    field.addEventListener("keydown", (event) => {
      // A touch keyboard's Enter makes a new line: there is no Shift to hold with it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch.matches) return;
      event.preventDefault();
      field.form.requestSubmit();
    });
  }
  for (const button of composer.querySelectorAll("#kinds button")) {
    button.addEventListener("click", () => write(button.dataset.kind));
  }
  const noteOnly = !document.getElementById("say") && recall(`draft:${opened}:note`);
  show(noteOnly ? "note" : "say");
}

function show(kind) {
  for (const part of document.querySelectorAll(".composer > [data-kind]")) part.hidden = part.dataset.kind !== kind;
  for (const button of document.querySelectorAll("#kinds button")) {
    button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  }
}

function write(kind) {
  show(kind);
  (document.getElementById(kind) ?? document.getElementById("claim"))?.focus();
}

// --- keys --------------------------------------------------------------------------------------

function go(step) {
  const cards = [...list.querySelectorAll(".card")];
  if (!cards.length) return;
  const now = cards.findIndex((card) => card.dataset.id === opened);
  const next = now < 0 ? (step > 0 ? 0 : cards.length - 1) : (now + step + cards.length) % cards.length;
  location.assign(cards[next].href);
}

function nextTab() {
  const tabs = [...list.querySelectorAll("[data-tab]")];
  const now = tabs.findIndex((tab) => tab.dataset.tab === panes.dataset.tab);
  location.assign(tabs[(now + 1) % tabs.length].href);
}

function confirmClose() {
  const confirmation = document.getElementById("close");
  if (!confirmation) return;
  confirmation.open = true;
  confirmation.querySelector("form button").focus();
}

keys({
  KeyJ: () => go(1),
  KeyK: () => go(-1),
  KeyN: nextTab,
  KeyT: () => document.getElementById("claim")?.click(),
  KeyL: () => opened && write("say"),
  KeyP: () => opened && write("note"),
  KeyB: () => document.getElementById("hand-back")?.click(),
  KeyE: confirmClose,
});

// --- waiting times -----------------------------------------------------------------------------

function lasting(seconds) {
  if (seconds < 60) return words.less;
  if (seconds < 3600) return words.minutes.replace("{n}", Math.floor(seconds / 60));
  if (seconds < 86400) return words.hours.replace("{n}", Math.floor(seconds / 3600));
  return words.days.replace("{n}", Math.floor(seconds / 86400));
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-since]")) {
    time.textContent = lasting((Date.now() - Date.parse(time.dataset.since)) / 1000);
  }
}, 20000);

// --- start ---------------------------------------------------------------------------------------

const wire = document.getElementById("wire");

function tellWire(connected) {
  wire.hidden = false;
  wire.textContent = connected ? words.connected : words.lost;
  wire.classList.toggle("lost", !connected);
}

if (opened) {
  markRead();
  prepareComposer();
  toEnd();
}
refreshList();
connect({
  changed(news) {
    if (news.type === "conversation") refreshList();
    if (news.type === "appeal" || news.id === opened) refreshDialogue();
  },
  back() {
    tellWire(true);
    refreshList();
    refreshDialogue();
  },
  lost() {
    tellWire(false);
  },
});
