// The signing page: connect a wallet, find out which party it is, sign, and watch the agreement come into force.

import { copy } from "./copy.js";
import { act, call, page, part, refresh, say, show, step, watch } from "./draft_page.js";
import { bring } from "./network.js";
import { solid } from "./pasted.js";
import { discover, explain } from "./wallets.js";

const chainId = Number(page.dataset.chainId);
const network = JSON.parse(page.dataset.network);

const listened = new Set();

let wallet = null;
let accounts = [];
let draft = null;

// --- step 1: connect

function listWallet(found) {
  const button = document.createElement("button");
  button.type = "button";
  if (found.icon) {
    const icon = document.createElement("img");
    icon.src = found.icon;
    icon.alt = "";
    button.append(icon);
  }
  button.append(`Connect ${found.name}`);
  button.addEventListener("click", () => act(() => connect(found), "You declined to connect. Nothing was shared."));
  const item = document.createElement("li");
  item.append(button);
  part("wallets").append(item);
  show("no-wallet", false);
}

async function connect(chosen) {
  say("");
  await chosen.provider.request({ method: "eth_requestAccounts" });
  if (!listened.has(chosen.provider)) {
    listened.add(chosen.provider);
    for (const change of ["accountsChanged", "chainChanged"]) {
      chosen.provider.on?.(change, () => wallet === chosen && recognise().catch((error) => say(explain(error), "warn")));
    }
  }
  wallet = chosen;
  await recognise();
}

// --- step 2: which party is this

async function recognise() {
  accounts = (await wallet.provider.request({ method: "eth_accounts" })).map((each) => each.toLowerCase());
  draft = await call();
  step("connect", accounts.length > 0 ? "done" : "now");
  const mine = draft.parties.filter((party) => accounts.includes(party.wallet.toLowerCase()));
  listParties(mine);
  show("not-a-party", accounts.length > 0 && mine.length === 0);
  part("connected").textContent = accounts.length === 0 ? "No account is connected." : accounts.join(", ");
  step("party", mine.length > 0 ? "done" : "now");
  await checkNetwork();
  choose();
}

function listParties(mine) {
  const before = chosenAccount();
  const unsigned = mine.find((party) => party.state !== "signed" && party.state !== "accepted");
  const preferred = mine.find((party) => party.account === before) ?? unsigned ?? mine[0];
  part("parties").replaceChildren(
    ...mine.map((party) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = "party";
      input.value = party.account;
      input.checked = party === preferred;
      input.addEventListener("change", choose);
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = party.name ?? "Unregistered partner";
      const account = document.createElement("span");
      account.className = "under mono";
      account.textContent = party.account;
      const text = document.createElement("span");
      text.append(name, account);
      label.append(input, text);
      return label;
    }),
  );
  show("party-choice", mine.length > 0);
}

function chosenAccount() {
  return page.querySelector('input[name="party"]:checked')?.value;
}

function chosenParty() {
  return draft?.parties.find((party) => party.account === chosenAccount());
}

// --- step 3: sign

async function checkNetwork() {
  const current = Number(await wallet.provider.request({ method: "eth_chainId" }));
  const wrong = accounts.length > 0 && current !== chainId;
  show("wrong-network", wrong);
  part("current-network").textContent = String(current);
  return !wrong;
}

function choose() {
  const party = chosenParty();
  const signed = party?.state === "signed" || party?.state === "accepted";
  show("signed-already", Boolean(signed));
  show("sign", Boolean(party) && !signed);
  step("act", signed ? "done" : party ? "now" : "later");
}

async function switchNetwork() {
  await bring(wallet.provider, chainId, network);
  say("");
  await recognise();
}

async function sign() {
  const account = chosenAccount();
  draft = await call();
  const party = draft.parties.find((each) => each.account === account);
  if (!(await checkNetwork())) {
    say("Your wallet is on another network than this agreement. Switch it first, then sign.", "warn");
    return;
  }
  say("Your wallet shows the same fields as this page. Confirm there to sign.");
  const signature = await wallet.provider.request({
    method: "eth_signTypedData_v4",
    params: [party.wallet, JSON.stringify(party.typed_data)],
  });
  await hand(party, signature);
}

async function hand(party, signature) {
  await call("/signatures", {
    account: party.account,
    nonce: party.nonce,
    deadline: party.deadline,
    signature,
  });
  say("Your signature is in. Thank you.", "good");
  await refresh();
  if (wallet) await recognise();
}

// --- signing somewhere else: a contract wallet, a hardware device, the command line

async function showTypedData() {
  draft = await call();
  const account = part("elsewhere-account").value;
  const party = draft.parties.find((each) => each.account === account);
  part("elsewhere-data").value = JSON.stringify(party.typed_data, null, 2);
}

async function handElsewhere() {
  const typed = part("elsewhere-data").value;
  if (typed === "") await showTypedData();
  const { account, nonce, deadline } = JSON.parse(part("elsewhere-data").value).message;
  const signature = solid(part("elsewhere-signature").value);
  if (!/^0x([0-9a-fA-F]{2})+$/.test(signature)) {
    say("A signature is 0x and hexadecimal digits, two a byte: copy it whole, and nothing else.", "warn");
    return part("elsewhere-signature").focus();
  }
  await hand({ account, nonce, deadline }, signature);
}

// --- buttons of the status block

async function activate() {
  await call("/activation", {});
  await refresh();
}

async function copyLink(button) {
  const link = location.href.split("#")[0];
  if (await copy(link)) button.textContent = "Copied";
  else say(`This browser does not let pages copy. The link is ${link}`, "warn");
}

// --- start

discover(listWallet, () => show("no-wallet", true));
part("sign").addEventListener("click", () =>
  act(sign, "You declined in your wallet. Nothing was signed; you can sign whenever you are ready."),
);
part("switch-network").addEventListener("click", () =>
  act(switchNetwork, "Your wallet stays on its network. To sign, switch it to this agreement's."),
);
part("elsewhere").addEventListener("toggle", () => act(showTypedData));
part("elsewhere-account").addEventListener("change", () => act(showTypedData));
part("elsewhere-form").addEventListener("submit", (event) => {
  event.preventDefault();
  act(handElsewhere);
});
page.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button?.dataset.action === "activate") act(activate);
  if (button?.dataset.action === "copy") act(() => copyLink(button));
});
watch();
