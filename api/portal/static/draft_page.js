// The signing page's own parts: what it says, and what the server says of the draft.

import { Stays } from "./network.js";
import { Problem, ask } from "./server.js";
import { declined, explain } from "./wallets.js";

const ONCE_READY_MS = 1500;
const WHILE_OTHERS_SIGN_MS = 8000;

export const page = document.querySelector("[data-draft]");
export const part = (name) => page.querySelector(`[data-part="${name}"]`);

let busy = false;
let nextLook = null;

export function say(text, kind = "info") {
  const message = part("message");
  message.textContent = text;
  message.className = kind === "info" ? "note" : `note ${kind}`;
  message.hidden = text === "";
}

export function step(name, state) {
  part(name).dataset.state = state;
}

export function show(name, visible) {
  part(name).hidden = !visible;
}

function lock(locked) {
  busy = locked;
  for (const button of page.querySelectorAll("button")) {
    if (locked) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** Runs one action at a time; a declined request is an answer, not an error. */
export async function act(action, whenDeclined = "") {
  if (busy) return;
  lock(true);
  try {
    await action();
  } catch (error) {
    if (error instanceof Problem || error instanceof Stays) say(error.message, "warn");
    else if (declined(error)) say(whenDeclined);
    else say(explain(error), "warn");
  } finally {
    lock(false);
  }
}

/** GETs the draft, or POSTs to a part of it; `path` is below the draft's own. */
export function call(path = "", body = undefined) {
  return ask(page.dataset.draft + path, body);
}

/** Replaces the status block with the server's newest; what changed is read out by its live region. */
export async function refresh() {
  const answer = await fetch(page.dataset.status);
  if (answer.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    const old = part("status");
    if (fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
    page.dataset.state = fresh.dataset.state;
    show("steps", fresh.dataset.state !== "active");
    if (fresh.dataset.state === "active") inForce();
  }
  watch();
}

function inForce() {
  document.querySelector('[data-part="heading"]').textContent = "Agreement in force";
  document.querySelector('[data-part="lead"]').textContent = "Every party has signed it.";
  say("The agreement is in force.", "good");
}

/** Looks again soon, until the agreement is in force; sooner once all have signed. */
export function watch() {
  clearTimeout(nextLook);
  if (page.dataset.state === "active") return;
  nextLook = setTimeout(look, page.dataset.state === "ready" ? ONCE_READY_MS : WHILE_OTHERS_SIGN_MS);
}

async function look() {
  if (document.visibilityState !== "visible") return watch();
  try {
    await refresh();
  } catch {
    watch(); // the server was not reached: what was shown stays, and the next look may tell more
  }
}
