// Asking the server, and its answers in words.

/** What the server answered instead of what was asked for; `content` is the problem as it sent it, or null. */
export class Problem extends Error {
  constructor(message, content = null) {
    super(message);
    this.content = content;
  }
}

/** GETs a path, or POSTs a body to it as JSON. Throws Problem. */
export async function ask(path, body = undefined) {
  const asking =
    body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, asking);
  } catch {
    throw new Problem("The server cannot be reached. Check your connection and try again.");
  }
  const content = await answer.json().catch(() => null);
  if (content === null) {
    throw new Problem(`The server cannot be reached: what stands before it answered with ${answer.status}. Try again in a minute.`);
  }
  if (!answer.ok) throw new Problem([content.detail, content.next].filter(Boolean).join(" "), content);
  return content;
}
