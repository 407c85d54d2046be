/** Signs the text of the page with NCALayer on the citizen's computer and sends the signature to us. The words stand in the page. */

const MODULE = "kz.gov.pki.knca.basics";
const SIGNING_KEY = "1.3.6.1.5.5.7.3.4";
const GREETING_MS = 5000;

class Trouble extends Error {}

/** A socket to NCALayer that has greeted us. Throws Trouble("no_layer"). */
function connect(address) {
  return new Promise((resolve, reject) => {
    let socket;
    const give_up = () => { reject(new Trouble("no_layer")); socket?.close(); };
    try { socket = new WebSocket(address); } catch { give_up(); return; }
    const late = setTimeout(give_up, GREETING_MS);
    socket.onerror = socket.onclose = () => { clearTimeout(late); give_up(); };
    socket.onmessage = ({ data }) => {
      if (!parsed(data)?.result?.version) return;
      clearTimeout(late);
      resolve(socket);
    };
  });
}

/** One request and its answer; heartbeats in between are no answers. */
function ask(socket, request) {
  return new Promise((resolve, reject) => {
    socket.onerror = socket.onclose = () => reject(new Trouble("layer_failed"));
    socket.onmessage = ({ data }) => {
      const answer = parsed(data);
      if (answer && ("status" in answer || "errorCode" in answer)) resolve(answer);
    };
    socket.send(JSON.stringify(request));
  });
}

/** The CMS in Base64, without armour. */
function signature_in(answer) {
  if (answer.errorCode === "MODULE_NOT_FOUND" || answer.code === "INVOCATION_ERROR") throw new Trouble("old_layer");
  if (answer.status !== true) throw new Trouble("layer_failed");
  const result = answer.body?.result;
  const cms = Array.isArray(result) ? result[0] : result;
  if (cms === undefined) throw new Trouble("cancelled");
  if (typeof cms !== "string") throw new Trouble("layer_failed");
  return cms.replace(/-----[A-Z ]+-----/g, "").replace(/\s/g, "");
}

function parsed(data) {
  try {
    const value = JSON.parse(data);
    return value && typeof value === "object" ? value : null;
  } catch { return null; }
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

async function send(key, cms) {
  let answer;
  try {
    answer = await fetch("page", { method: "POST", body: new URLSearchParams({ key, cms }), referrerPolicy: "no-referrer" });
  } catch { throw new Trouble("failed"); }
  if (answer.status === 204) return;
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? (await answer.json()).code : "";
  throw new Trouble(told || (answer.status === 410 ? "gone" : "failed"));
}

function show(state) {
  const words = document.querySelector(`[data-state="${CSS.escape(state)}"]`) ?? document.querySelector('[data-state="failed"]');
  for (const other of document.querySelectorAll("[data-state]")) other.hidden = other !== words;
}

function offer(id, content, type) {
  document.getElementById(id).href = URL.createObjectURL(new Blob([content], { type }));
}

async function sign(page, button) {
  const text = new TextEncoder().encode(document.getElementById("text").textContent);
  const { key, layer, iin, locale } = page.dataset;
  let socket;
  button.disabled = true;
  try {
    show("connecting");
    socket = await connect(layer);
    show("choosing");
    const answer = await ask(socket, {
      module: MODULE,
      method: "sign",
      args: {
        allowedStorages: null,
        format: "cms",
        data: base64(text),
        signingParams: { decode: true, encapsulate: true, digested: false, tsaProfile: {} },
        signerParams: { extKeyUsageOids: [SIGNING_KEY], ...(iin && { iin }), chain: null },
        locale,
      },
    });
    const cms = signature_in(answer);
    show("sending");
    await send(key, cms);
    offer("save-text", text, "text/plain");
    offer("save-cms", Uint8Array.from(atob(cms), (letter) => letter.charCodeAt(0)), "application/pkcs7-signature");
    document.getElementById("copies").hidden = false;
    button.hidden = true;
    show("done");
  } catch (error) {
    if (!(error instanceof Trouble)) console.error(error);
    show(error instanceof Trouble ? error.message : "failed");
  } finally {
    if (socket) { socket.onclose = socket.onerror = null; socket.close(); }
    button.disabled = false;
  }
}

const page = document.querySelector("[data-sign]");
const button = document.getElementById("sign");
button.hidden = false;
button.addEventListener("click", () => sign(page, button));
