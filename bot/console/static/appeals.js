// Says when the appeal on the page, or the registry, has changed meanwhile; what is being typed stays.
import { connect } from "./wire.js";

const banner = document.getElementById("changed");
const shown = document.querySelector("[data-appeal]")?.dataset.appeal;

connect({
  changed(news) {
    if (news.type !== "appeal" || (shown && news.id !== shown) || !banner.hidden) return;
    const link = document.createElement("a");
    link.href = location.pathname + (shown ? "" : location.search);
    link.textContent = banner.dataset.link;
    banner.hidden = false;
    banner.replaceChildren(`${banner.dataset.text} `, link);
  },
  back() {},
  lost() {},
});
