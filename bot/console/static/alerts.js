// Sound and notifications: both off until the operator switches them on.
import { recall, remember } from "./memory.js";

const sound = document.getElementById("sound");
const popups = document.getElementById("popups");
let audio = null;

export function alerts(words) {
  document.getElementById("toggles").hidden = false;
  popups.hidden = !("Notification" in window);
  press(sound, recall("sound") === "on");
  press(popups, recall("popups") === "on" && window.Notification?.permission === "granted");
  sound.addEventListener("click", () => {
    toggle(sound, "sound");
    if (isOn(sound)) ring();
  });
  popups.addEventListener("click", async () => {
    if (!isOn(popups) && (await Notification.requestPermission()) !== "granted") {
      document.getElementById("wire").textContent = words.refused;
      return;
    }
    toggle(popups, "popups");
  });
  return (text) => {
    if (isOn(sound)) ring();
    if (isOn(popups) && document.visibilityState !== "visible") {
      const popup = new Notification(text, { tag: "komekshi" });
      popup.addEventListener("click", () => {
        window.focus();
        popup.close();
      });
    }
  };
}

function isOn(button) {
  return button.getAttribute("aria-pressed") === "true";
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

function toggle(button, name) {
  press(button, !isOn(button));
  remember(name, isOn(button) ? "on" : "");
}

// Two soft notes, made here: no file to load.
function ring() {
  audio ??= new AudioContext();
  for (const [after, pitch] of [[0, 660], [0.14, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + after;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.08, start);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.26);
  }
}
