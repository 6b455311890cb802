// A wallet in the page (EIP-1193, announced by EIP-6963) that holds a local chain's accounts, whose keys everybody knows.
// It shows what it is asked for and signs only what a person agrees to. The server signs, and only on a local chain.

import { kept } from "./kept.js";
import { ask, choose } from "./wallet_dialog.js";

const CHOSEN = "pledger-test-wallet";
const CONNECTED = "pledger-test-wallet-connected";
const UNAUTHORIZED = 4100;
const UNRECOGNISED_CHAIN = 4902;
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%23e08a1e'/%3E%3Cpath d='M7 11h18v12H7zM7 11l14-4v4M20 16h5v3h-5z' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";
const listeners = new Map();
const always = kept("localStorage");
const inThisTab = kept("sessionStorage");

/** The account that this browser acts with; null when none is chosen. */
export function chosen() {
  return always.getItem(CHOSEN);
}

/** Has this browser act with an account from now on, on every page. */
export function use(address) {
  always.setItem(CHOSEN, address);
  if (connected()) emit("accountsChanged", [address]);
}

/** The accounts, with the partners that they act for. */
export async function accounts() {
  const answer = await fetch("/test-wallet/accounts");
  if (!answer.ok) throw failure(-32603, "The test wallet cannot reach its server.");
  return answer.json();
}

const METHODS = {
  eth_accounts: async () => (connected() && chosen() ? [chosen()] : []),
  eth_requestAccounts: connect,
  wallet_requestPermissions: async () => {
    await connect();
    return [{ parentCapability: "eth_accounts" }];
  },
  wallet_revokePermissions: async () => {
    inThisTab.removeItem(CONNECTED);
    emit("accountsChanged", []);
    return null;
  },
  wallet_switchEthereumChain: requireOwnChain,
  wallet_addEthereumChain: requireOwnChain,
  eth_signTypedData_v4: async ([address, typed]) => {
    requireChosen(address);
    await ask("typed", typeof typed === "string" ? JSON.parse(typed) : typed, await who(address));
    return serve("eth_signTypedData_v4", [address, typeof typed === "string" ? typed : JSON.stringify(typed)]);
  },
  personal_sign: async ([text, address]) => {
    requireChosen(address);
    await ask("text", text, await who(address));
    return serve("personal_sign", [text, address]);
  },
  eth_sendTransaction: async ([transaction]) => {
    requireChosen(transaction.from);
    await ask("transaction", transaction, await who(transaction.from));
    return serve("eth_sendTransaction", [transaction]);
  },
};

async function connect() {
  const address = await choose(await accounts(), chosen());
  use(address);
  inThisTab.setItem(CONNECTED, "yes");
  emit("accountsChanged", [address]);
  return [address];
}

async function requireOwnChain([{ chainId }]) {
  const own = await serve("eth_chainId", []);
  if (Number(chainId) !== Number(own)) throw failure(UNRECOGNISED_CHAIN, "The test wallet knows its own local chain only.");
  return null;
}

function requireChosen(address) {
  const own = connected() && chosen();
  if (!own || own.toLowerCase() !== String(address).toLowerCase()) {
    throw failure(UNAUTHORIZED, "The test wallet acts with another account: choose this one on its page, then connect again.");
  }
}

async function who(address) {
  const found = (await accounts()).find((each) => each.address.toLowerCase() === address.toLowerCase());
  return found?.name ?? address;
}

async function serve(method, params) {
  const answer = await fetch("/test-wallet/requests", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ method, params }),
  });
  const { result, error, detail } = await answer.json();
  if (error) throw failure(error.code, error.message);
  if (!answer.ok) throw failure(-32603, detail);
  return result;
}

const connected = () => inThisTab.getItem(CONNECTED) === "yes";
const failure = (code, message) => Object.assign(new Error(message), { code });
const emit = (name, value) => (listeners.get(name) ?? []).forEach((listener) => listener(value));

const provider = {
  async request({ method, params }) {
    return Object.hasOwn(METHODS, method) ? METHODS[method](params ?? []) : serve(method, params ?? []);
  },
  on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
  removeListener: (name, listener) => void listeners.set(name, (listeners.get(name) ?? []).filter((each) => each !== listener)),
};
const info = { uuid: "7f4c1f0a-5b56-4b0e-9d52-2f6a3c1d9e77", name: "Test wallet", rdns: "local.pledger.test", icon: ICON };
const announce = () =>
  window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info: Object.freeze(info), provider }) }));
window.addEventListener("eip6963:requestProvider", announce);
window.addEventListener("storage", ({ key, newValue }) => key === CHOSEN && connected() && emit("accountsChanged", [newValue]));
announce();
