/* Kömekshi: puts the launcher and the assistant's frame into the page that includes this script.
   <script async src="https://…/widget.js" data-locale="kk" data-position="right" data-title="…" data-theme="auto"></script>
   The conversation lives in the frame, on our own origin: scripts of the host page never see it. */
(() => {
  "use strict";
  if (window.Komekshi) return;
  const script = document.currentScript;
  if (!script) return;
  const frameUrl = new URL("widget/", script.src);
  const options = script.dataset;
  const WORDS = {
    kk: { open: "Көмекшіні ашу", close: "Көмекшіні жабу", ask: "Сұрақ қою", title: "Көмекші", unread: "жаңа хабарлама" },
    ru: { open: "Открыть помощника", close: "Закрыть помощника", ask: "Задать вопрос", title: "Көмекші – помощник", unread: "новых сообщений" },
  };
  const known = (tag) => ["kk", "ru"].find((code) => String(tag || "").toLowerCase().startsWith(code));
  let locale = known(options.locale) || known(document.documentElement.lang);
  const words = () => WORDS[locale || known(navigator.language) || "kk"];

  const STYLE = `
    :host { all: initial; }
    .launcher, .panel { position: fixed; z-index: 2147483000; bottom: calc(20px + env(safe-area-inset-bottom, 0px)); }
    .right .launcher, .right .panel { right: 20px; } .left .launcher, .left .panel { left: 20px; }
    .launcher { display: flex; align-items: center; gap: 10px; height: 56px; padding: 0 22px 0 18px; border: 0; border-radius: 28px;
      background: #00677d; color: #fff; font: 600 16px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
      cursor: pointer; box-shadow: 0 6px 24px rgba(0, 40, 55, .32), inset 0 -2px 0 #fec50c; transition: transform .15s, background .15s; }
    .launcher:hover { background: #005567; transform: translateY(-1px); }
    .launcher:focus-visible { outline: 3px solid #fff; outline-offset: 2px; box-shadow: 0 0 0 6px #00384a; }
    .launcher svg { width: 26px; height: 26px; flex: none; }
    .launcher[aria-expanded="true"] { padding: 0 15px; } .launcher[aria-expanded="true"] .label { display: none; }
    .badge { position: absolute; top: -6px; right: -4px; min-width: 24px; height: 24px; box-sizing: border-box; padding: 0 6px;
      border: 2px solid #fff; border-radius: 12px; background: #c02616; color: #fff; font-size: 13px; line-height: 20px; text-align: center; }
    .badge[hidden], .panel[hidden] { display: none; }
    .panel { width: 416px; height: min(680px, calc(100vh - 116px)); bottom: calc(92px + env(safe-area-inset-bottom, 0px)); overflow: hidden;
      border-radius: 18px; background: #fff; box-shadow: 0 16px 56px rgba(0, 30, 45, .34), 0 0 0 1px rgba(0, 40, 55, .1); animation: rise .18s ease-out; }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    @media (max-width: 560px), (max-height: 480px) {
      .panel { inset: 0 !important; width: auto; height: auto; border-radius: 0; box-shadow: none; }
      .launcher { width: 60px; height: 60px; padding: 0 17px; border-radius: 30px; } .label { display: none; }
      .launcher[aria-expanded="true"] { display: none; }
    }
    @media (prefers-color-scheme: dark) { .auto .panel { background: #10191f; } }
    .dark .panel { background: #10191f; }
    @media (prefers-reduced-motion: reduce) { .panel { animation: none; } .launcher { transition: none; } }
    @media (forced-colors: active) { .launcher { border: 2px solid; } }
    @media print { :host { display: none; } }`;
  const FULL = "(max-width: 560px), (max-height: 480px)";

  const make = (name, attributes = {}, ...children) => {
    const svg = name === "svg" || name === "path";
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const host = make("div", { id: "komekshi" });
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", {}, STYLE));
  }
  const icon = make("path", { d: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H12l-4.6 4.2c-.5.5-1.4.1-1.4-.6V16A2.5 2.5 0 0 1 4 13.5z", fill: "currentColor" });
  const label = make("span", { class: "label" });
  const badge = make("span", { class: "badge", hidden: "", "aria-hidden": "true" });
  const launcher = make("button", { class: "launcher", type: "button", "aria-expanded": "false" },
    make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, icon), label, badge);
  const panel = make("div", { class: "panel", id: "panel", hidden: "" });
  const theme = ["light", "dark"].includes(options.theme) ? options.theme : "auto";
  const frameBox = make("div", { class: `${options.position === "left" ? "left" : "right"} ${theme}` }, launcher, panel);
  root.append(frameBox);

  let frame = null, ready = false, shown = false, unread = 0;
  let queued = [], madeInert = [], overflow = "";

  // Remembered on the host's side: whether there is anything to wait for, and whether the panel was open on the page before.
  const note = (store, key, value) => {
    try {
      if (value === undefined) return store().getItem(`komekshi.${key}`);
      if (value === null) store().removeItem(`komekshi.${key}`);
      else store().setItem(`komekshi.${key}`, value);
    } catch { /* a page without storage works too */ }
    return null;
  };
  const session = () => window.sessionStorage, local = () => window.localStorage;

  const listeners = {};
  const tell = (name, detail = {}) => {
    for (const listener of listeners[name] || []) {
      try { listener(detail); } catch (error) { setTimeout(() => { throw error; }); }
    }
    document.dispatchEvent(new CustomEvent(`komekshi:${name}`, { detail }));
  };
  const post = (message) => {
    if (ready) frame.contentWindow.postMessage({ komekshi: 1, ...message }, frameUrl.origin);
    else queued.push(message);
  };

  const paint = () => {
    const word = words();
    label.textContent = word.ask;
    const name = options.title || word.title;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", name);
    panel.lang = locale || "";
    launcher.title = name;
    const news = unread ? `, ${unread} ${word.unread}` : "";
    launcher.setAttribute("aria-label", shown ? word.close : `${word.open}${news}`);
    launcher.setAttribute("aria-expanded", String(shown));
    launcher.setAttribute("aria-controls", "panel");
    icon.setAttribute("d", shown
      ? "M5.3 4 4 5.3 10.7 12 4 18.7 5.3 20l6.7-6.7 6.7 6.7 1.3-1.3-6.7-6.7L20 5.3 18.7 4 12 10.7z"
      : "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H12l-4.6 4.2c-.5.5-1.4.1-1.4-.6V16A2.5 2.5 0 0 1 4 13.5z");
    badge.hidden = !unread;
    badge.textContent = unread > 99 ? "99+" : String(unread);
  };

  const load = () => {
    if (frame) return;
    const url = new URL(frameUrl);
    if (locale) url.searchParams.set("lang", locale);
    if (theme !== "auto") url.searchParams.set("theme", theme);
    frame = make("iframe", { src: url.href, title: options.title || words().title, allow: "geolocation; clipboard-write" });
    panel.append(frame);
  };

  // On a phone the panel covers the page: what lies under it must not be reached by keyboard or scrolled.
  const cover = (on) => {
    for (const node of madeInert) node.inert = false;
    madeInert = [];
    document.documentElement.style.overflow = overflow;
    if (!on) return;
    for (const node of document.body.children) {
      if (node !== host && !node.inert && node.tagName !== "SCRIPT") { node.inert = true; madeInert.push(node); }
    }
    document.documentElement.style.overflow = "hidden";
  };
  const full = window.matchMedia(FULL);
  full.addEventListener?.("change", () => cover(shown && full.matches));

  const open = (focus = true) => {
    if (shown) return;
    shown = true;
    unread = 0;
    load();
    panel.hidden = false;
    overflow = document.documentElement.style.overflow;
    cover(full.matches);
    paint();
    note(session, "open", "1");
    post({ type: "opened", focus });
    if (focus) frame.focus();
    tell("open");
  };
  const close = () => {
    if (!shown) return;
    const inside = root.activeElement;
    shown = false;
    cover(false);
    panel.hidden = true;
    paint();
    note(session, "open", null);
    post({ type: "closed" });
    if (inside) launcher.focus();
    tell("close");
  };
  const toggle = () => (shown ? close() : open());
  const setLocale = (code) => {
    if (!known(code) || known(code) === locale) return;
    locale = known(code);
    paint();
    post({ type: "locale", locale });
  };

  launcher.addEventListener("click", toggle);
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== frameUrl.origin) return;
    const data = event.data;
    if (!data || data.komekshi !== 1) return;
    switch (data.type) {
      case "ready":
        ready = true;
        post({ type: "hello", title: options.title || "", shown });
        for (const message of queued.splice(0)) post(message);
        tell("ready");
        break;
      case "close":
        close();
        launcher.focus();
        break;
      case "locale":
        locale = known(data.locale) || locale;
        paint();
        tell("locale", { locale });
        break;
      case "conversation":
        note(local, "active", "1");
        tell("conversation");
        break;
      case "message":
        if (!shown) { unread += 1; paint(); tell("unread", { count: unread }); }
        tell("message", { author: String(data.author) });
        break;
      case "error":
        tell("error", { code: String(data.code) });
        break;
    }
  });

  window.Komekshi = Object.freeze({
    open: () => open(),
    close,
    toggle,
    setLocale,
    reset: () => { load(); post({ type: "reset" }); },
    on: (name, listener) => {
      (listeners[name] ||= new Set()).add(listener);
      return () => listeners[name].delete(listener);
    },
  });

  const start = () => {
    document.body.append(host);
    paint();
    if (note(session, "open") && !full.matches) open(false);
    else if (note(local, "active")) load();
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
})();
