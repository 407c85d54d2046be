// The conversation with the server: sent over HTTP, where every attempt has the same id; received over a WebSocket, or by
// asking again and again where sockets do not get through. Shared by all tabs of this browser.

import { own, shared } from "./store.js";
import { answeredUpTo } from "./thread.js";

const API = new URL("../api/v1/", window.location.href);
const PAUSES = [400, 1000, 2000, 4000, 8000, 15000];
const ATTEMPTS = 3;
const SEND_SECONDS = 40;
const PING_EVERY = 20000;
const PONG_WITHIN = 8000;
const POLL_EVERY = 4000;
const PRESSED_KEPT = 60;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A refusal of the server's, with its words for the citizen. */
class Problem extends Error {
  constructor(status, body) {
    super(body.code || String(status));
    this.status = status;
    this.detail = body.detail || "";
    this.retryAfter = body.retry_after || 0;
  }
}

export class Session {
  /** `listener` has changed(), arrived(message), opened(), expired() and failed(code). */
  constructor(locale, listener) {
    this.locale = locale;
    this.listener = listener;
    this.messages = new Map();
    this.pending = own.read("pending") || [];
    for (const item of this.pending) if (item.kind === "file") item.state = "lost";
    this.pressed = {};
    this.cursor = 0;
    this.link = "none";
    this.busy = false;
    this.kept = null;
    this.socket = null;
    this.failures = 0;
    this.started = false;
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.setLink("offline"));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.check(); });
    window.addEventListener("storage", (event) => this.otherTab(event));
  }

  get exists() {
    return Boolean(shared.read("session"));
  }

  /** Resume the kept conversation, or begin one. */
  async start() {
    if (this.started) return;
    this.started = true;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.begin();
        break;
      } catch (error) {
        this.setLink(navigator.onLine ? "unavailable" : "offline");
        this.listener.failed(error.message);
        await this.pause(attempt, error.retryAfter);
      }
    }
    this.connect();
    this.pump();
  }

  /** Forget this conversation and begin another. */
  async reset() {
    shared.remove("session");
    shared.remove("pressed");
    this.forget();
    this.started = false;
    await this.start();
  }

  forget() {
    this.kept = null;
    this.messages.clear();
    this.pressed = {};
    this.cursor = 0;
    this.pending = [];
    this.keepPending();
    this.hangUp();
    this.listener.changed();
  }

  async begin() {
    // One tab opens the conversation, the others find it.
    const once = navigator.locks ? (work) => navigator.locks.request("komekshi", work) : (work) => work();
    await once(async () => {
      this.kept = shared.read("session");
      if (this.kept) return;
      const opened = await this.call("conversations", { method: "POST", body: this.locale ? { locale: this.locale } : {} });
      this.kept = { id: opened.id, token: opened.token };
      shared.write("session", this.kept);
      shared.write("pressed", {});
      opened.messages.forEach((message) => this.add(message, true));
      this.listener.opened();
    });
    this.pressed = shared.read("pressed") || {};
    this.listener.changed();
  }

  // --- receiving -----------------------------------------------------------------------------

  connect() {
    if (this.socket || !this.kept) return;
    const url = new URL("ws", API);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(url));
    socket.addEventListener("open", () =>
      this.frame({ type: "hello", id: this.kept.id, token: this.kept.token, after: this.cursor }));
    socket.addEventListener("message", (event) => this.heard(socket, JSON.parse(event.data)));
    socket.addEventListener("close", () => { if (socket === this.socket) this.lost(); });
  }

  frame(content) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ v: 1, ...content }));
  }

  heard(socket, frame) {
    if (socket !== this.socket) return;
    this.alive = Date.now();
    clearTimeout(this.pongTimer);
    if (frame.type === "ready") {
      this.failures = 0;
      this.setLink("live");
      this.beat();
      this.retryFailed();
    } else if (frame.type === "message") {
      this.add(frame.message, true);
      this.listener.changed();
    } else if (frame.type === "refused" && !frame.id) {
      this.expire(frame.problem.status);
    }
  }

  lost() {
    this.hangUp();
    if (!this.kept) return;
    this.failures += 1;
    if (!navigator.onLine) this.setLink("offline");
    else if (this.failures > 1) this.setLink(this.failures > 4 ? "unavailable" : "reconnecting");
    if (this.failures > 2) this.poll();
    clearTimeout(this.redial);
    this.redial = setTimeout(() => this.connect(), this.wait(this.failures - 1));
  }

  hangUp() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.pongTimer);
    clearTimeout(this.redial);
    clearInterval(this.pings);
    if (socket) socket.close();
  }

  beat() {
    clearInterval(this.pings);
    this.pings = setInterval(() => this.check(), PING_EVERY);
  }

  /** A line that gives no sign within some seconds is dead, whatever the browser thinks. */
  check() {
    if (!this.kept) return;
    if (!this.socket) { this.wake(); return; }
    const socket = this.socket;
    this.frame({ type: "ping" });
    clearTimeout(this.pongTimer);
    this.pongTimer = setTimeout(() => { if (socket === this.socket) this.lost(); }, PONG_WITHIN);
  }

  wake() {
    this.resume?.();
    if (!this.kept) return;
    this.hangUp();
    this.connect();
  }

  async poll() {
    if (this.polling) return;
    this.polling = true;
    while (this.kept && this.link !== "live") {
      try {
        const page = await this.call(`conversations/${this.kept.id}/messages?after=${this.cursor}`, {});
        page.messages.forEach((message) => this.add(message, true));
        this.setLink("polling");
        this.listener.changed();
        this.retryFailed();
        if (page.more) continue;
      } catch (error) {
        if ([401, 403, 404].includes(error.status)) { this.expire(error.status); break; }
        this.setLink(navigator.onLine ? "unavailable" : "offline");
      }
      await sleep(POLL_EVERY);
    }
    this.polling = false;
  }

  /** `streamed`: everything up to it is here too; replies to our own requests may run ahead of the stream. */
  add(message, streamed) {
    if (streamed) this.cursor = Math.max(this.cursor, message.seq);
    if (this.messages.has(message.seq)) return;
    this.messages.set(message.seq, message);
    if (message.author === "citizen") {
      this.pending = this.pending.filter((item) => item.id !== message.event || item.state === "sending");
      this.keepPending();
    }
    this.listener.arrived(message);
  }

  setLink(link) {
    if (this.link === link) return;
    this.link = link;
    this.listener.changed();
  }

  // --- sending -------------------------------------------------------------------------------

  /** Queue one thing. `kind`: text, button, place or file; `body` is what the server gets, `words` what is shown. */
  send(kind, body, words, more = {}) {
    this.pending.push({ id: newId(), kind, body, words, ...more, state: "sending", at: new Date().toISOString() });
    this.keepPending();
    this.listener.changed();
    this.pump();
  }

  press(seq, button) {
    if (seq <= answeredUpTo(this.messages.values(), this.pressed)) return;
    this.pressed = { ...this.pressed, [seq]: button.id };
    const newest = Object.entries(this.pressed).slice(-PRESSED_KEPT);
    shared.write("pressed", Object.fromEntries(newest));
    this.send("button", { button: button.id }, button.label, { seq });
  }

  resend(id) {
    const item = this.pending.find((candidate) => candidate.id === id);
    if (!item) return;
    // Another id: the server has refused the old one for good, or knows it and gives its answer again.
    if (item.refused) item.id = newId();
    Object.assign(item, { state: "sending", detail: "", refused: false });
    this.listener.changed();
    this.pump();
  }

  discard(id) {
    const item = this.pending.find((candidate) => candidate.id === id);
    this.pending = this.pending.filter((other) => other !== item);
    if (item?.seq) {
      const { [item.seq]: _, ...rest } = this.pressed;
      this.pressed = rest;
      shared.write("pressed", rest);
    }
    this.keepPending();
    this.listener.changed();
  }

  retryFailed() {
    for (const item of this.pending) if (item.state === "failed" && !item.refused) item.state = "sending";
    this.pump();
  }

  keepPending() {
    own.write("pending", this.pending.map(({ file, ...item }) => item));
  }

  async pump() {
    if (this.pumping || !this.kept) return;
    this.pumping = true;
    let item;
    while (this.kept && (item = this.pending.find((candidate) => candidate.state === "sending"))) {
      this.busy = true;
      this.listener.changed();
      await this.deliver(item);
      this.busy = false;
      this.keepPending();
      this.listener.changed();
    }
    this.pumping = false;
  }

  async deliver(item) {
    const conversation = this.kept.id;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        const answer = await this.request(item);
        if (this.kept?.id !== conversation) return;
        item.state = "sent";
        answer.replies.forEach((message) => this.add(message, false));
        const said = [...this.messages.values()].some((message) => message.author === "citizen" && message.event === item.id);
        if (said || item.kind === "button") this.pending = this.pending.filter((other) => other !== item);
        return;
      } catch (error) {
        if (this.kept?.id !== conversation) return;
        if (error.status === 429 && attempt + 1 < ATTEMPTS && error.retryAfter <= 20) {
          Object.assign(item, { detail: error.detail });
          this.listener.changed();
          await sleep(error.retryAfter * 1000);
          item.detail = "";
        } else if ([401, 403, 404].includes(error.status)) {
          await this.expire(error.status);
          return;
        } else if (error.status && error.status < 500) {
          Object.assign(item, { state: "failed", refused: true, detail: error.detail });
          return;
        } else if (attempt + 1 < ATTEMPTS && navigator.onLine) {
          await this.pause(attempt, error.retryAfter);
        } else {
          break;
        }
      }
    }
    for (const other of this.pending) if (other.state === "sending") other.state = "failed";
    this.listener.failed("not_sent");
  }

  request(item) {
    const path = `conversations/${this.kept.id}`;
    if (item.kind !== "file") return this.call(`${path}/messages`, { method: "POST", body: { id: item.id, ...item.body } });
    const form = new FormData();
    form.append("id", item.id);
    form.append("file", item.file, item.file.name);
    return this.call(`${path}/files`, { method: "POST", body: form, seconds: 180 });
  }

  /** {name, content} of a file that came with a message. */
  async download(file) {
    return this.call(`conversations/${this.kept.id}/files/${encodeURIComponent(file)}`, {}, async (response) => {
      const [, name] = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition")) || [null, "file"];
      return { name, content: await response.blob() };
    });
  }

  async call(path, { method = "GET", body, seconds = SEND_SECONDS }, read = (response) => response.json()) {
    const headers = { "Accept-Language": this.locale || navigator.language };
    if (this.kept) headers.Authorization = `Bearer ${this.kept.token}`;
    const form = body instanceof FormData;
    if (body && !form) headers["Content-Type"] = "application/json";
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), seconds * 1000);
    try {
      const options = { method, headers, body: form ? body : body && JSON.stringify(body), signal: stop.signal, cache: "no-store" };
      const response = await fetch(new URL(path, API), options);
      if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})));
      return await read(response);
    } finally {
      clearTimeout(timer);
    }
  }

  // --- the rest ------------------------------------------------------------------------------

  /** The server does not know this conversation any more: what was not sent goes into a new one. */
  async expire(status) {
    if (!this.kept) return;
    const waiting = this.pending.filter((item) => item.kind === "text" && item.state !== "sent");
    const known = shared.read("session");
    if (known?.id === this.kept.id) { shared.remove("session"); shared.remove("pressed"); }
    this.listener.failed(`expired_${status}`);
    this.forget();
    this.pending = waiting.map((item) => ({ ...item, state: "sending" }));
    this.keepPending();
    this.started = false;
    this.listener.expired();
    await sleep(500);
    await this.start();
  }

  otherTab(event) {
    if (event.key === "komekshi.pressed" && event.newValue) {
      this.pressed = shared.read("pressed") || {};
      this.listener.changed();
    }
    if (event.key !== "komekshi.session" || !event.newValue || !this.started) return;
    const other = shared.read("session");
    if (!other || other.id === this.kept?.id) return;
    this.forget();
    this.kept = other;
    this.connect();
  }

  wait(attempt) {
    return PAUSES[Math.min(attempt, PAUSES.length - 1)] * (0.8 + Math.random() * 0.4);
  }

  /** Wait, but no longer than until the network is back. */
  pause(attempt, seconds = 0) {
    return new Promise((done) => {
      this.resume = done;
      setTimeout(done, Math.max(this.wait(attempt), (seconds || 0) * 1000));
    });
  }
}
