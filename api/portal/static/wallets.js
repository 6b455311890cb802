// Browser wallets: found by EIP-6963, else `window.ethereum`; and what their errors mean in words.

const WAIT_FOR_ANNOUNCEMENTS_MS = 400;

/**
 * Calls `found` with each wallet as it announces itself, and `none` when there is none after a short wait.
 * A wallet is `{name, icon, provider}`; `provider` speaks EIP-1193; `icon` is an image data URL or null.
 */
export function discover(found, none) {
  const known = new Set();
  window.addEventListener("eip6963:announceProvider", (event) => {
    const { info, provider } = event.detail ?? {};
    if (!info?.uuid || !provider?.request || known.has(info.uuid)) return;
    known.add(info.uuid);
    found({ name: String(info.name), icon: imageOf(info.icon), provider });
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  setTimeout(() => {
    if (known.size > 0) return;
    if (window.ethereum?.request) found({ name: "Browser wallet", icon: null, provider: window.ethereum });
    else none();
  }, WAIT_FOR_ANNOUNCEMENTS_MS);
}

function imageOf(icon) {
  return typeof icon === "string" && icon.startsWith("data:image/") ? icon : null;
}

/** EIP-1193 and EIP-1474 error codes that the page answers to. */
export const REJECTED = 4001;
export const REQUEST_PENDING = -32002;

/** A wallet's error code; some wrap another error in an error of their own. */
export function codeOf(error) {
  return error?.data?.originalError?.code ?? error?.code;
}

/** What a wallet's error means, in a sentence. */
export function explain(error) {
  if (codeOf(error) === REQUEST_PENDING) return "Your wallet is still waiting for an earlier answer: open it and look there.";
  const text = error?.message ? String(error.message) : String(error);
  return `Your wallet answered: ${text}`;
}
