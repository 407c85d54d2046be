// What of the conversation is shown, as pure functions.

/** Messages in order, without steps that a later step took the place of (nothing of the citizen's in between). */
export function shown(messages) {
  const ordered = [...messages].sort((a, b) => a.seq - b.seq);
  return ordered.filter((message, index) => {
    const next = ordered[index + 1];
    return !(next && isStep(message) && isStep(next) && next.event !== message.event);
  });
}

const isStep = (message) => message.author === "bot" && message.replaces;

/** The sequence number after which buttons can still be pressed: older ones were answered, by a press or in words. */
export function answeredUpTo(messages, pressed) {
  let seq = 0;
  for (const message of messages) if (message.author === "citizen") seq = Math.max(seq, message.seq);
  for (const key of Object.keys(pressed)) seq = Math.max(seq, Number(key));
  return seq;
}

/** What the newest reply waits for, unless the citizen has answered since. */
export function asked(messages) {
  const last = [...messages].sort((a, b) => a.seq - b.seq).pop();
  return last && last.author === "bot" ? last.ask : "nothing";
}
