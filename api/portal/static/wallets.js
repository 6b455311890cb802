// Browser wallets: found by EIP-6963, else as `window.ethereum`; and what their errors mean in words.

const WAIT_FOR_ANNOUNCEMENTS_MS = 400;

/**
 * Calls `found` with each wallet as it announces itself, and with the one at `window.ethereum` when that is none of
 * those; `none` when there is none after a short wait. One that comes later is found all the same.
 * A wallet is `{name, icon, provider}`; `provider` speaks EIP-1193; `icon` is an image data URL or null.
 */
export function discover(found, none) {
  const known = new Set();
  const meet = (name, icon, provider, ...marks) => {
    if (!provider?.request || [provider, ...marks].some((each) => known.has(each))) return;
    [provider, ...marks].forEach((each) => known.add(each));
    found({ name, icon, provider });
  };
  const meetOld = () => meet(known.size > 0 ? "the browser’s other wallet" : "Browser wallet", null, window.ethereum);
  window.addEventListener("eip6963:announceProvider", (event) => {
    const { info, provider } = event.detail ?? {};
    if (info?.uuid) meet(String(info.name), imageOf(info.icon), provider, info.uuid);
  });
  window.addEventListener("ethereum#initialized", meetOld);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  setTimeout(() => {
    meetOld();
    if (known.size === 0) none();
  }, WAIT_FOR_ANNOUNCEMENTS_MS);
}

function imageOf(icon) {
  return typeof icon === "string" && icon.startsWith("data:image/") ? icon : null;
}

/** Codes of EIP-1193 and EIP-1474, and those that wallets and what they are made of use for a declined request. */
const DECLINED = [4001, 5000, "ACTION_REJECTED"];
const DECLINED_WORDS = /\b(user|signer)\b.{0,12}\b(reject|denie|decline|cancel)|(reject|denie|decline|cancel)\w*\b.{0,12}\b(user|signer)\b/i;
const REQUEST_PENDING = -32002;
const UNSUPPORTED = [4200, -32601, -32004];
const UNAUTHORISED = 4100;
const DISCONNECTED = [4900, 4901];
const BROKEN = ["TypeError", "ReferenceError", "SyntaxError"];

/** A wallet's error, which some wrap in one or two of their own, the innermost first. */
function layers(error) {
  const inner = error?.data?.originalError ?? error?.data?.cause ?? error?.cause ?? error?.error;
  return inner && inner !== error ? [inner, error] : [error];
}

const has = (error, codes) => layers(error).some((each) => codes.includes(each?.code));

/** Whether a person said no in the wallet. */
export function declined(error) {
  return has(error, DECLINED) || layers(error).some((each) => DECLINED_WORDS.test(String(each?.message ?? "")));
}

/** Whether the person has yet to answer the wallet. */
export function pending(error) {
  return has(error, [REQUEST_PENDING]);
}

/** What a wallet's error means, in a sentence or two. */
export function explain(error) {
  if (pending(error)) return "Your wallet is still waiting for an earlier answer: open it and look there.";
  if (has(error, [UNAUTHORISED])) return "Your wallet does not let this page use that account: connect again, and choose it there.";
  if (has(error, DISCONNECTED)) return "Your wallet is not connected to its network: open it and look there, then try again.";
  const said = layers(error).map((each) => each?.message).find(Boolean) ?? (typeof error === "string" ? error : "an error without words");
  if (has(error, UNSUPPORTED)) return `Your wallet cannot do this (it answered: ${said}). Use another one, or sign somewhere else, below.`;
  if (BROKEN.includes(error?.name) && error.code === undefined) return `This page or the wallet failed (${said}): reload, and try again.`;
  return `Your wallet answered: ${said}`;
}
