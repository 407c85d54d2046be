// The live wire: hears what has changed, comes back by itself, and says when it was away.
const SESSION_OVER = 4401;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;

export function connect({ changed, back, lost }) {
  let pause = FIRST_PAUSE;
  let waiting = 0;

  function open() {
    const address = new URL("/console/live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.addEventListener("message", (event) => {
      const news = JSON.parse(event.data);
      if (news.type === "ready") {
        pause = FIRST_PAUSE;
        back();
      } else {
        changed(news);
      }
    });
    socket.addEventListener("close", (event) => {
      if (event.code === SESSION_OVER) {
        location.reload();
        return;
      }
      lost();
      waiting = setTimeout(open, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
    addEventListener("pagehide", () => socket.close(), { once: true });
  }

  addEventListener("online", () => {
    if (!waiting) return;
    clearTimeout(waiting);
    waiting = 0;
    open();
  });
  open();
}
