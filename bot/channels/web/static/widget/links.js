// Finds addresses and telephone numbers in plain text. Gives segments; whoever shows them uses textContent only.

const URL_PATTERN = String.raw`https?:\/\/[^\s<>"«»]+`;
const PHONE = String.raw`(?<![\d+\-])(?:\+7|8)[ \-(]{0,2}[67](?:[ \-()]{0,2}\d){9}(?![\d\-])`;
// 101–104 and 112 in an emergency, with the help lines that go with them.
const SHORT = String.raw`(?<![\d.,:+\-–№])(?:10[1-4]|11[12]|150|1414)(?![\d:\-–]|[.,]\d)`;
const PLAIN = new RegExp(`(${URL_PATTERN})|(${PHONE})`, "g");
const URGENT = new RegExp(`(${URL_PATTERN})|(${PHONE}|${SHORT})`, "g");

/** [{text}, {text, href, phone}] in order; joined they are the text. `urgent` also takes the short emergency numbers. */
export function segments(text, urgent = false) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(urgent ? URGENT : PLAIN)) {
    const phone = match[1] === undefined;
    // Punctuation that ends the sentence is not part of the address.
    const shown = phone ? match[0] : match[0].replace(/[.,;:!?)\]'…]+$/u, "");
    const href = phone ? telephone(shown) : address(shown);
    if (!href) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: shown, href, phone });
    end = match.index + shown.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

function telephone(shown) {
  const digits = shown.replace(/\D/g, "");
  if (digits.length < 11) return `tel:${digits}`;
  return `tel:+7${digits.slice(1)}`;
}

function address(shown) {
  try {
    const url = new URL(shown);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
