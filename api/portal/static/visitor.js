// Signing in with a wallet, from every page's header; acting for another account; signing out.

import { joining } from "./joining.js";
import { Problem, ask } from "./server.js";
import { declined, discover, explain } from "./wallets.js";

let dialog = null;

/** Opens the dialog in which a wallet is chosen, which then signs; the page is loaded anew once it has. */
export function signIn() {
  dialog ??= build();
  dialog.say("");
  if (!dialog.box.open) dialog.box.showModal();
}

function build() {
  const box = element("dialog", { className: "wallet-dialog" });
  const title = element("h2", { id: "sign-in-title", textContent: "Sign in" });
  box.setAttribute("aria-labelledby", title.id);
  const wallets = element("ul", { className: "wallets" });
  const none = element("p", {
    className: "note",
    hidden: true,
    textContent:
      "No wallet was found in this browser. Install a wallet extension (MetaMask, Rabby, Frame and others work), or open this page in your wallet’s own browser, then reload.",
  });
  const message = element("p", { className: "note", hidden: true });
  message.setAttribute("role", "status");
  const close = element("button", { type: "button", textContent: "Cancel" });
  close.addEventListener("click", () => box.close());
  const actions = element("p", { className: "actions" });
  actions.append(close);
  box.append(
    title,
    element("p", { textContent: "Your wallet signs a message that says who you are. It costs nothing, sends nothing and moves no money." }),
    wallets,
    none,
    message,
    actions,
  );
  document.body.append(box);

  const say = (text, kind = "") => {
    message.textContent = text;
    message.className = `note ${kind}`;
    message.hidden = text === "";
  };
  let busy = false;
  const run = async (action) => {
    if (busy) return;
    busy = true;
    try {
      await action();
    } catch (error) {
      if (error instanceof Problem) say(error.message, "warn");
      else if (declined(error)) say("You declined in your wallet. Nothing was signed.");
      else say(explain(error), "warn");
    } finally {
      busy = false;
    }
  };
  const offer = (wallet) => {
    const button = element("button", { type: "button", textContent: `Sign in with ${wallet.name}` });
    if (wallet.icon) button.prepend(element("img", { src: wallet.icon, alt: "" }));
    button.addEventListener("click", () => run(() => begin(wallet.provider, say)));
    const item = element("li");
    item.append(button);
    wallets.append(item);
    none.hidden = true;
  };
  const join = joining(run, say, (provider) => begin(provider, say));
  if (join) none.after(join);
  discover(offer, () => (none.hidden = false));
  return { box, say };
}

async function begin(provider, say) {
  say("Choose an account in your wallet.");
  const [address] = await provider.request({ method: "eth_requestAccounts" });
  if (!address) return say("Your wallet shared no account: unlock it, and try again.", "warn");
  const { message } = await ask("/v1/sign-in/challenge", { address });
  say("Your wallet shows a message of this site. Confirm there to sign in.");
  const signature = await provider.request({ method: "personal_sign", params: [hexadecimal(message), address] });
  await ask("/v1/sign-in", { message, signature });
  await provider.signedIn?.();
  location.reload();
}

const hexadecimal = (text) => `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);

async function attempt(action) {
  try {
    await action();
    location.reload();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    document.querySelector('[data-part="visitor-message"]').textContent = error.message;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button?.dataset.action === "sign-in") signIn();
  if (button?.dataset.action === "act-for") {
    attempt(() => ask("/v1/session/account", { account: button.dataset.account }, "PUT"));
  }
  if (button?.dataset.action === "sign-out") {
    attempt(() => ask(`/v1/session${button.dataset.everywhere ? "?everywhere=true" : ""}`, undefined, "DELETE"));
  }
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".visitor[open]");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
