// Joining with a fingerprint, in the dialog of signing in: a passkey, its recovery key in a file, and the account of both.

import { coordinate, join, provider, usable } from "./passkey.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/**
 * What to show in the dialog; null where there are no passkeys. `run` does one thing at a time and says what came in
 * between; `say` says something; `begin` signs in with a wallet.
 */
export function joining(run, say, begin) {
  if (!usable) return null;
  const section = element("section", { className: "joining" });
  const first = element("button", { type: "button", textContent: "Join with a fingerprint" });
  const about = element("p", {
    className: "small soft",
    textContent: "No wallet? This device makes a passkey, and the ledger has an account for it. It takes no coin.",
  });
  section.append(about, first);
  first.addEventListener("click", () =>
    run(async () => {
      say("Your device asks for your fingerprint, face or PIN.");
      const { recovery, secret } = await recoveryKey();
      const account = await join(recovery);
      say("");
      section.replaceChildren(...kept(account, secret, () => run(() => begin(provider))));
      section.querySelector("button").focus();
    }),
  );
  return section;
}

function kept(joined, secret, signIn) {
  const account = element("p");
  account.append("Your account is ", element("span", { className: "mono", textContent: joined.account }), ".");
  const words = element("p", {
    textContent:
      "Save the recovery file now, and keep it apart from this device: should you lose the passkey, it has another one take its place, after seven days. Nobody can make the file again, and whoever has it can try the same: then you object with your passkey.",
  });
  const save = element("button", { type: "button", className: "main", textContent: "Save the recovery file" });
  const go = element("button", { type: "button", hidden: true, textContent: "Sign in with the passkey" });
  save.addEventListener("click", () => {
    download(`recovery-${joined.account}.json`, { what: "Recovery key of an account of the Partnership Ledger", server: location.origin, ...joined, secret });
    go.hidden = false;
  });
  go.addEventListener("click", signIn);
  const actions = element("p", { className: "actions" });
  actions.append(save, go);
  return [account, words, actions];
}

async function recoveryKey() {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["sign"]);
  const { x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { recovery: { x: coordinate(x), y: coordinate(y) }, secret: coordinate(d) };
}

function download(name, content) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);
