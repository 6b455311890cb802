// The test wallet's own dialogs: which account, and whether to sign what is shown.

const REJECTED = 4001;

/** What a signature does, as the ledger declares it, with the values that are signed; null of others’ structs. */
export async function wordsFor({ primaryType, message }) {
  const answer = await fetch("/v1/actions").catch(() => null);
  if (!answer?.ok) return null;
  const { actions } = await answer.json();
  const found = actions.find(({ struct, fixed }) => struct?.startsWith(`${primaryType}(`) && Object.entries(fixed).every(([name, value]) => String(message[name]) === String(value)));
  return found?.sentence.replace(/\{(\w+)\}/g, (_, name) => told(message[camel(name)], name)) ?? null;
}

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const told = (value, name) => (value === undefined || (typeof value === "object" && value !== null) ? `[${name.replaceAll("_", " ")}]` : String(value));

/** Resolves to the address of the account chosen; rejects when the person closes the dialog. */
export function choose(wallets, before) {
  return open("Connect the test wallet", "Connect", (body) => {
    body.append(paragraph("This page will see the account’s address. The keys are public: never use them for anything of worth."));
    const field = element("fieldset", { className: "choices" });
    field.append(element("legend", { className: "hidden-text", textContent: "The account to act with" }));
    const preferred = wallets.find((each) => each.address === before) ?? wallets[0];
    for (const each of wallets) {
      const input = element("input", { type: "radio", name: "test-account", value: each.address, checked: each === preferred });
      const label = element("label");
      const text = element("span");
      text.append(element("span", { className: "name", textContent: title(each) }), element("span", { className: "under mono", textContent: each.address }));
      label.append(input, text);
      field.append(label);
    }
    body.append(field);
    return () => field.querySelector(":checked")?.value;
  });
}

/** Resolves once the person agrees to what is shown; rejects as a wallet does when it does not. */
export async function ask(kind, what, who) {
  const words = kind === "typed" ? await wordsFor(what) : null;
  const send = kind === "transaction";
  return open(send ? "Send a transaction?" : "Sign this?", send ? "Send" : "Sign", (body) => {
    body.append(paragraph(`As ${who}.`));
    if (kind === "typed") {
      if (words) body.append(paragraph(`${words}.`));
      body.append(paragraph(`“${what.primaryType}” of ${what.domain.name}, on chain ${what.domain.chainId}.`));
      body.append(fields({ verifyingContract: what.domain.verifyingContract, ...what.message }));
    } else if (kind === "text") {
      body.append(fields({ message: readable(what) }));
    } else {
      body.append(paragraph("It changes the chain and costs a little of the account’s coin."), fields(what));
    }
    return () => true;
  });
}

function open(heading, agree, build) {
  const dialog = element("dialog", { className: "wallet-dialog" });
  const title = element("h2", { id: "wallet-dialog-title", textContent: heading });
  dialog.setAttribute("aria-labelledby", title.id);
  const body = element("div", { className: "wallet-body", tabIndex: 0 });
  const outcome = build(body);
  const actions = element("p", { className: "actions" });
  const yes = element("button", { type: "button", className: "main", textContent: agree });
  const no = element("button", { type: "button", textContent: "Decline" });
  actions.append(yes, no);
  dialog.append(element("p", { className: "small soft wallet-brand", textContent: "Test wallet, local chain" }), title, body, actions);
  document.body.append(dialog);
  return new Promise((resolve, reject) => {
    let agreed = null;
    yes.addEventListener("click", () => {
      agreed = outcome();
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (agreed) resolve(agreed);
      else reject(Object.assign(new Error("User rejected the request."), { code: REJECTED }));
    });
    dialog.showModal();
  });
}

/** Values as a list of facts; lists and structs are written below one another. */
function fields(values) {
  const list = element("dl", { className: "fields" });
  for (const [key, value] of Object.entries(values)) {
    const name = Array.isArray(values) ? `${Number(key) + 1}.` : key;
    const row = element("div");
    row.append(element("dt", { textContent: name }));
    const definition = element("dd");
    if (value !== null && typeof value === "object" && Object.keys(value).length > 0) definition.append(fields(value));
    else definition.append(element("span", { className: "mono", textContent: typeof value === "object" ? "none" : String(value) }));
    row.append(definition);
    list.append(row);
  }
  return list;
}

/** Text of a message that may be given as hexadecimal digits; as it is when they are not text. */
function readable(text) {
  if (!/^0x(?:[0-9a-fA-F]{2})+$/.test(text)) return text;
  try {
    const bytes = Uint8Array.from(text.slice(2).match(/../g), (pair) => Number.parseInt(pair, 16));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

const title = (wallet) => (wallet.name ? (wallet.acts ? wallet.name : `${wallet.name}, before its wallet was changed`) : "No partner yet");
const paragraph = (text) => element("p", { textContent: text });
const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);
