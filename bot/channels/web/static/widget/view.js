// Shows the conversation. Words of people and of the server only ever become text nodes.

import { segments } from "./links.js";
import { fill } from "./strings.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  emergency: "M12 2 1 21h22zm-1 7h2v6h-2zm0 8h2v2h-2z",
  receipt: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m-1.4 14.4-4-4L8 11l2.6 2.6L16.4 8l1.4 1.4z",
  notice: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m1 15h-2v-6h2zm0-8h-2V7h2z",
  phone: "M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2c.3-.3.7-.4 1-.2 1.2.4 2.4.6 3.6.6.6 0 1 .4 1 1V20c0 .6-.4 1-1 1A17 17 0 0 1 3 4c0-.6.4-1 1-1h3.5c.6 0 1 .4 1 1 0 1.2.2 2.4.6 3.6.1.3 0 .7-.2 1z",
  person: "M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9m0 2c-4.4 0-8 2.2-8 5v2h16v-2c0-2.8-3.6-5-8-5",
};

export function make(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key === "text") node.textContent = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function words(text, urgent, say) {
  return segments(text, urgent).map((part) => {
    if (!part.href) return document.createTextNode(part.text);
    if (part.phone) {
      const link = make("a", { href: part.href, class: "phone" }, urgent && icon("phone"), part.text);
      if (urgent) link.setAttribute("aria-label", fill(say.call, part.text));
      return link;
    }
    return make("a", { href: part.href, target: "_blank", rel: "noopener noreferrer", text: part.text });
  });
}

const clock = (at) => new Date(at).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });
const day = (at) => new Date(at).toLocaleDateString("ru", { day: "2-digit", month: "2-digit", year: "numeric" });

/** Keeps the list's nodes in step with the rows; a node stays as long as its key does, so nothing is announced twice. */
export class Thread {
  /** `actions`: press(seq, button), resend(id), discard(id), download(file). */
  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
    this.nodes = new Map();
  }

  /** `rows` come from rowsOf. Gives the first new node that is not the citizen's, if any. */
  show(rows, say) {
    const keys = new Set(rows.map((row) => row.key));
    let focusLost = false;
    for (const [key, entry] of this.nodes) {
      if (keys.has(key)) continue;
      focusLost ||= entry.node.contains(document.activeElement);
      entry.node.remove();
      this.nodes.delete(key);
    }
    let news = null;
    let place = this.list.firstElementChild;
    for (const row of rows) {
      let entry = this.nodes.get(row.key);
      if (!entry) {
        entry = { node: this.make(row, say) };
        this.nodes.set(row.key, entry);
        if (row.type === "message" && row.author !== "citizen") news ||= entry.node;
      }
      if (entry.node === place) place = place.nextElementSibling;
      else this.list.insertBefore(entry.node, place);
      this.refresh(entry, row, say);
    }
    // The pressed button's step was replaced: keyboard users go on at what took its place.
    if (focusLost) (news || this.list.lastElementChild)?.focus({ preventScroll: true });
    return news;
  }

  file(row, say) {
    const text = row.file.startsWith("receipt:") ? say.receipt : say.download;
    return make("button", { type: "button", class: "file", text: `⬇ ${text}`, onclick: () => this.actions.download(row.file) });
  }

  clear() {
    this.nodes.clear();
    this.list.replaceChildren();
  }

  make(row, say) {
    if (row.type === "day") return make("div", { class: "day" }, make("span", { text: row.text }));
    if (row.type === "note") return make("div", { class: "note", text: row.text });
    const node = make("article", { class: `row ${row.author}`, tabindex: "-1" });
    const author = make("p", { class: "author" });
    if (row.author === "operator") author.append(icon("person"));
    author.append(row.author === "bot" ? say.bot : row.author === "operator" ? row.name || say.operator : say.you);
    const bubble = make("div", { class: `bubble tone-${row.tone}` });
    // What language a citizen wrote in is not ours to say.
    if (row.author !== "citizen") bubble.lang = row.locale;
    if (row.tone === "emergency") bubble.append(make("p", { class: "alert" }, icon("emergency"), say.emergency));
    else if (ICONS[row.tone]) bubble.append(icon(row.tone));
    bubble.append(make("div", { class: "words" }));
    node.append(author, bubble);
    if (row.author === "bot") { node.dataset.ai = "true"; bubble.dataset.ai = "true"; }
    if (row.file) bubble.append(this.file(row, say));
    if (row.buttons.length) bubble.append(this.buttons(row));
    node.append(make("p", { class: "state" }));
    return node;
  }

  buttons(row) {
    const group = make("div", { class: "buttons", role: "group" });
    for (const button of row.buttons) {
      if (button.url) {
        group.append(make("a", { class: "choice link", href: button.url, target: "_blank", rel: "noopener noreferrer", text: button.label }));
        continue;
      }
      const press = () => { if (node.getAttribute("aria-disabled") !== "true") this.actions.press(row.seq, button); };
      const node = make("button", { type: "button", class: "choice", "data-button": button.id, onclick: press, text: button.label });
      group.append(node);
    }
    return group;
  }

  refresh(entry, row, say) {
    if (row.type !== "message") return;
    const { node } = entry;
    if (entry.text !== row.text) {
      entry.text = row.text;
      const paragraphs = row.text.split(/\n{2,}/).map((text) => make("p", {}, ...words(text, row.tone === "emergency", say)));
      node.querySelector(".words").replaceChildren(...paragraphs);
    }
    for (const button of node.querySelectorAll("button.choice")) {
      const chosen = row.chosen === button.dataset.button;
      button.setAttribute("aria-disabled", String(!row.active));
      button.classList.toggle("chosen", chosen);
      if (chosen) button.setAttribute("aria-label", `${button.textContent}, ${say.chosen}`);
      else button.removeAttribute("aria-label");
    }
    const state = `${row.state}|${row.detail}|${say.sent}`;
    if (entry.state === state) return;
    entry.state = state;
    node.dataset.state = row.state;
    node.querySelector(".state").replaceChildren(...this.state(row, say));
  }

  state(row, say) {
    const time = make("time", { datetime: row.at, text: clock(row.at) });
    if (row.author !== "citizen") return [time];
    if (row.state === "sending") return [time, ` · ${row.detail || say.sending}`];
    if (row.state === "sent") return [time, make("span", { class: "tick", role: "img", "aria-label": say.sent, text: " ✓" })];
    const why = make("span", { class: "failed", text: row.state === "lost" ? say.lostFile : row.detail || say.failed });
    const again = make("button", { type: "button", class: "small", text: say.resend, onclick: () => this.actions.resend(row.id) });
    const away = make("button", { type: "button", class: "small", text: say.discard, onclick: () => this.actions.discard(row.id) });
    return [why, " ", row.state === "failed" && again, " ", away].filter(Boolean);
  }
}

/** What Thread shows: days, messages, what is still being sent. */
export function rowsOf(messages, pending, pressed, answered, notes) {
  const rows = [];
  const echoed = new Set(messages.filter((message) => message.author === "citizen").map((message) => message.event));
  // A press is seen at its button; only what went wrong with it is told.
  const waiting = new Map(pending
    .filter((item) => !echoed.has(item.id) && (item.kind !== "button" || item.state === "failed"))
    .map((item) => [item.id, item]));
  let date = "";
  const tellWaiting = (item) => {
    const { id, state, at, words: text, detail = "" } = item;
    waiting.delete(id);
    rows.push({ type: "message", key: `e:${id}`, id, author: "citizen", text, at, state, detail, tone: "plain", buttons: [] });
  };
  for (const message of messages) {
    const today = day(message.at);
    if (today !== date) rows.push({ type: "day", key: `d:${today}`, text: today });
    date = today;
    // The answer can be here before the echo of what it answers.
    if (waiting.has(message.event)) tellWaiting(waiting.get(message.event));
    const citizen = message.author === "citizen";
    rows.push({
      ...message,
      type: "message",
      key: citizen && message.event ? `e:${message.event}` : `s:${message.seq}`,
      active: message.seq > answered,
      chosen: pressed[message.seq],
      state: citizen ? "sent" : "",
      detail: "",
    });
  }
  for (const note of notes) rows.push({ type: "note", key: `n:${note}`, text: note });
  for (const item of [...waiting.values()]) tellWaiting(item);
  return rows;
}
