// Asking the server, and its answers in words.

/** What the server answered instead of what was asked for; `content` is the problem as it sent it, or null. */
export class Problem extends Error {
  constructor(message, content = null) {
    super(message);
    this.content = content;
  }
}

/** The server was not reached, or its answer was not: what was asked for may have been done. */
export class Unreached extends Problem {}

/** GETs a path, or POSTs a body to it as JSON, unless another method is named. Throws Problem. */
export async function ask(path, body = undefined, method = body === undefined ? "GET" : "POST", headers = {}) {
  const asking =
    body === undefined
      ? { method, headers }
      : { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, asking);
  } catch {
    throw new Unreached("The server cannot be reached. Check your connection and try again.");
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => null);
  if (content === null) {
    throw new Unreached(`The server cannot be reached: what stands before it answered with ${answer.status}. Try again in a minute.`);
  }
  if (!answer.ok) throw new Problem([content.detail, content.next].filter(Boolean).join(" "), content);
  return content;
}
