// The page of one act: a wallet signs what the page says, the relayer sends it; or the wallet sends it itself.

import { bring, Stays } from "./network.js";
import { Problem, Unreached, ask } from "./server.js";
import { named, sent, submit } from "./submitting.js";
import { declined, discover, explain } from "./wallets.js";

const page = document.querySelector("[data-act]");
const part = (name) => page?.querySelector(`[data-part="${name}"]`);
const given = (name) => JSON.parse(page.dataset[name]);

/** What keeps somebody from going on, in words. */
class Hindered extends Error {}

const name = page?.dataset.act;
const RECEIPT_MS = 1000;
let busy = false;
let wallet = null;
let waiting = null;

function say(text, kind = "info") {
  const message = part("message");
  message.textContent = text;
  message.className = kind === "info" ? "note" : `note ${kind}`;
  message.hidden = text === "";
}

/** Runs one thing at a time, and says in words what came in between. */
async function run(action) {
  if (busy) return;
  busy = true;
  page.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
  try {
    await action();
  } catch (error) {
    if (error instanceof Problem || error instanceof Stays || error instanceof Hindered) say(error.message, "warn");
    else if (declined(error)) say("You declined in your wallet. Nothing was sent; you can go on whenever you are ready.");
    else say(explain(error), "warn");
    // A refusal ends what was handed in; where no answer came, the same may be handed in again, and counts once.
    if (!(error instanceof Unreached)) waiting = null;
    part("again").hidden = waiting === null;
  } finally {
    busy = false;
    page.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

// --- the wallet

function offer(found) {
  const button = document.createElement("button");
  button.type = "button";
  if (found.icon) button.append(Object.assign(document.createElement("img"), { src: found.icon, alt: "" }));
  button.append(`${page.dataset.mode === "own" ? "Send" : "Sign"} with ${found.name}`);
  button.addEventListener("click", () => run(() => begin(found.provider)));
  const item = document.createElement("li");
  item.append(button);
  part("wallets").append(item);
  part("no-wallet").hidden = true;
}

async function begin(provider) {
  wallet = provider;
  say("");
  await requireWallet();
  await requireNetwork();
  if (page.dataset.mode === "own") await sendByWallet();
  else await sign();
}

/** That the wallet which it takes is among those that were shared. */
async function requireWallet() {
  const signer = page.dataset.signer;
  const shared = await wallet.request({ method: "eth_requestAccounts" });
  if (shared.length === 0) throw new Hindered("Your wallet shared no account: unlock it, and try again.");
  if (shared.some((each) => each.toLowerCase() === signer.toLowerCase())) return;
  throw new Hindered(`This takes the wallet ${signer}, and yours shared ${shared.join(", ")}. Choose that account in your wallet, let it connect to this site, and try again.`);
}

async function requireNetwork() {
  const chainId = Number(page.dataset.chainId);
  const current = Number(await wallet.request({ method: "eth_chainId" }));
  part("wrong-network").hidden = current === chainId;
  if (current === chainId) return;
  part("current-network").textContent = String(current);
  throw new Hindered("Your wallet is on another network than this ledger. Switch it first; nothing was signed.");
}

async function switchNetwork() {
  await bring(wallet, Number(page.dataset.chainId), given("network"));
  part("wrong-network").hidden = true;
  say("Your wallet is on this ledger’s network now. Go on with its button above.", "good");
}

const signed = (typed) => wallet.request({ method: "eth_signTypedData_v4", params: [page.dataset.signer, JSON.stringify(typed)] });

// --- signing

/** What the page shows is asked for anew: nothing is signed that it does not say. */
async function stillSo(fields) {
  const shown = given("form");
  const { nonce, deadline } = shown.message ?? {};
  const now = await ask(`/v1/actions/${name}`, { fields, ...(nonce && { nonce, deadline }) });
  if (now.refusals?.length) throw new Hindered(`${now.refusals[0].what} ${now.refusals[0].next} Nothing was signed.`);
  const same = now.sentence === document.querySelector('[data-part="sentence"]').textContent && isSame(now.typed_data ?? {}, shown);
  if (!same) throw new Hindered("What this does has changed since the page was made. Reload it, and read it again: nothing was signed.");
  return now;
}

async function sign() {
  let fields = given("fields");
  await stillSo(fields);
  fields = await allow(fields);
  say("Your wallet shows the same fields as this page. Confirm there to sign.");
  const typed = given("form");
  const signature = await signed(typed);
  const { nonce, deadline } = typed.message;
  const authorization = { nonce: String(nonce), deadline: String(deadline), signature };
  if (page.dataset.mode === "consent") return showSigned(authorization);
  await hand({ fields, authorization });
}

async function hand(body) {
  waiting ??= named(body);
  say("Signed. It is being handed to the relayer.");
  sent(await submit(name, waiting));
}

function showSigned(authorization) {
  const field = part("signed");
  field.hidden = false;
  field.querySelector("textarea").value = JSON.stringify(authorization, null, 2);
  say("Signed. Give what you signed to whoever carries it out.", "good");
}

// --- what a payer's token must allow before

async function allow(fields) {
  const approval = given("approval");
  if (!approval) return fields;
  if (approval.permit) {
    say("First your wallet shows a permit, by which the ledger may take what is paid and no more. Confirm it there.");
    return { ...fields, permit: permitOf(approval.permit.message, await signed(approval.permit)) };
  }
  say("First your wallet sends an approval, by which the ledger may take what is paid and no more. Confirm it there.");
  const { to, data } = approval.transaction;
  await mined(await transact({ to, data, value: "0x0" }));
  return fields;
}

function permitOf({ value, deadline }, signature) {
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)];
  if (v.length !== 2) throw new Hindered("Your wallet signed the permit in a way that the token does not take: pay from another wallet, or approve the ledger in your wallet first.");
  const last = Number.parseInt(v, 16);
  return { value, deadline, v: last < 27 ? last + 27 : last, r: `0x${r}`, s: `0x${s}` };
}

// --- sent by the wallet itself

async function sendByWallet() {
  const fields = given("fields");
  const { transaction } = await stillSo(fields);
  await allow(fields);
  say("Your wallet shows a transaction. Confirm there to send it.");
  const hash = await transact({ to: transaction.to, data: transaction.data, value: `0x${BigInt(transaction.value).toString(16)}` });
  await mined(hash);
  say(`Done, in transaction ${hash}. The ledger’s pages show it in a moment.`, "good");
}

const transact = (call) => wallet.request({ method: "eth_sendTransaction", params: [{ from: page.dataset.signer, ...call }] });

/** Waits until a transaction is mined, for as long as the page is open. */
async function mined(hash) {
  for (;;) {
    say(`Sent, in transaction ${hash}. Waiting for the chain to take it.`);
    const receipt = await wallet.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (receipt && Number(receipt.status) === 1) return;
    if (receipt) throw new Hindered(`The chain refused the transaction ${hash}: reload the page, which says why.`);
    await new Promise((done) => setTimeout(done, RECEIPT_MS));
  }
}

/** Whether two values are the same, whatever the order of their members. */
function isSame(one, other) {
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((each) => isSame(one[each], other[each]));
}

if (part("wallets")) {
  discover(offer, () => (part("no-wallet").hidden = false));
  part("switch-network").addEventListener("click", () => run(switchNetwork));
}
part("send")?.addEventListener("click", () => run(async () => {
  await stillSo(given("fields"));
  await hand({ fields: given("fields") });
}));
part("hand-in-again")?.addEventListener("click", () => run(() => hand()));
