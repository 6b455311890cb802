// A passkey as a wallet (EIP-1193, announced by EIP-6963): pages need not know what it is. Its account is a contract,
// and the server makes the signature of what the passkey answered. Passkeys are of hosts that have a name.

import { ask } from "./server.js";

const KEPT = "passkey";
const RANDOM_BYTES = 32;
const ES256 = -7;
const COORDINATE = 32;
const named = !/^[\d.]+$|:/.test(location.hostname);

/** Whether this browser and this address know passkeys. */
export const usable = named && Boolean(window.PublicKeyCredential && navigator.credentials?.create);

/** What this browser knows of the account: `{id, account, chain_id, keys}`, `id` the passkey's; null before. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function keep(known) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(known));
  } catch {
    // asked for again the next time
  }
  return known;
}

/** Makes a passkey, and says which account it is of together with a recovery key `{x, y}`. */
export async function join(recovery) {
  const made = await attempt(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: location.hostname, name: "Partnership Ledger" },
        user: { id: random(), name: `Account at ${location.hostname}`, displayName: "Partnership Ledger" },
        challenge: random(),
        pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
      },
    }),
  );
  const point = new Uint8Array(made.response.getPublicKey()).slice(-2 * COORDINATE);
  const keys = { passkey: { x: hex(point.slice(0, COORDINATE)), y: hex(point.slice(COORDINATE)) }, recovery };
  return keep({ id: text64(made.rawId), ...(await ask("/v1/passkeys/account", keys)) });
}

/** The account of the passkey that a person chooses; where this browser knows one, of that. */
async function known() {
  const before = kept();
  if (before) return keep({ ...before, ...(await ask("/v1/passkeys/account", before.keys)) });
  const chosen = await answer({ challenge: random(), rpId: location.hostname });
  const id = text64(chosen.rawId);
  return keep({ id, ...(await ask(`/v1/passkeys/${id}`)) });
}

async function sign(account, what) {
  const mine = await known();
  if (mine.account.toLowerCase() !== String(account).toLowerCase()) {
    throw Object.assign(new Error(`this passkey is of the account ${mine.account}`), { code: 4100 });
  }
  const { challenge, rp_id: rpId } = await ask("/v1/passkeys/challenge", { account: mine.account, ...what });
  const allowCredentials = [{ type: "public-key", id: bytes64(mine.id) }];
  const { response } = await answer({ challenge: bytes64(challenge), rpId, allowCredentials });
  const { signature } = await ask("/v1/passkeys/signature", {
    account: mine.account,
    keys: mine.keys,
    challenge,
    authenticator_data: text64(response.authenticatorData),
    client_data: text64(response.clientDataJSON),
    signature: text64(response.signature),
  });
  return signature;
}

const answer = (asked) => attempt(() => navigator.credentials.get({ publicKey: { ...asked, userVerification: "required" } }));

/** What the browser gives; a person's no as wallets say it. */
async function attempt(asking) {
  try {
    return await asking();
  } catch (error) {
    if (error?.name !== "NotAllowedError" && error?.name !== "AbortError") throw error;
    throw Object.assign(new Error("User rejected the request."), { code: 4001 });
  }
}

const METHODS = {
  eth_requestAccounts: async () => [(await known()).account],
  eth_accounts: async () => [kept()?.account].filter(Boolean),
  eth_chainId: async () => `0x${(await known()).chain_id.toString(16)}`,
  personal_sign: ([message, account]) => sign(account, { message: fromHex(message) }),
  eth_signTypedData_v4: ([account, typed]) => sign(account, { typed_data: JSON.parse(typed) }),
};

export const provider = {
  async request({ method, params }) {
    if (METHODS[method]) return METHODS[method](params ?? []);
    throw Object.assign(new Error("a passkey signs and has no coin: the relayer sends what it signs"), { code: 4200 });
  },
  /** Has the server say whose the passkey is, on other devices too, now that its account has signed in. */
  async signedIn() {
    const { id, keys } = kept() ?? {};
    if (id) await ask(`/v1/passkeys/${id}`, keys, "PUT");
  },
};

const random = () => crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
const hex = (bytes) => `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const fromHex = (text) => new TextDecoder().decode(Uint8Array.from(text.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytes64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/** A number of a key as browsers write it (JWK), as the server takes it. */
export const coordinate = (text) => hex(bytes64(text));

if (usable) {
  const info = Object.freeze({ uuid: crypto.randomUUID(), name: "a passkey", icon: "", rdns: location.hostname });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}
