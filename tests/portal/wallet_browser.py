"""A headless Chromium with a wallet in it whose keys are anvil's."""

import json
import shutil
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.chain.node import Node, RpcRefused

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UNKNOWN_CHAIN = {"code": 4902, "message": "Unrecognized chain ID. Try adding the chain first."}
DECLINED = {"code": 4001, "message": "User rejected the request."}

# The page's content security policy keeps it from reaching a node; a wallet's own channel is not bound by it.
_PROVIDER = """
(() => {
  const listeners = new Map();
  const provider = {
    async request({ method, params }) {
      const answer = await window.askWallet(method, JSON.stringify(params ?? []));
      const { result, error, emit } = JSON.parse(answer);
      if (error) throw Object.assign(new Error(error.message), { code: error.code, data: error.data });
      if (emit) (listeners.get(emit.name) ?? []).forEach((listener) => listener(emit.value));
      return result;
    },
    on(name, listener) { listeners.set(name, [...(listeners.get(name) ?? []), listener]); },
  };
  const ANNOUNCE;
})();
"""
_BY_EVENT = """announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", {
    detail: Object.freeze({ info: { uuid: "5f1c0f3e", name: "Test Wallet", rdns: "example.wallet",
      icon: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" }, provider }) }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce()"""
_BY_WINDOW = "_ = (window.ethereum = provider)"


def chromium_path() -> str:
    """Where Chromium is."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    pytest.fail("Chromium is missing: run `make setup`, which says how to install it.")


@dataclass
class Wallet:
    """A browser wallet that forwards to anvil, which signs for its own accounts."""

    node: Node
    accounts: list[str]
    declines: set[str] = field(default_factory=set)
    chain_id: int | None = None
    asked: list[tuple[str, Any]] = field(default_factory=list)
    knows: set[int] | None = None
    """Chains that it can switch to; None: any."""
    says_unknown: dict[str, Any] | None = field(default_factory=lambda: UNKNOWN_CHAIN)
    """What it answers for a chain that it does not know; None: as if it had switched."""
    adds: bool = True
    """Whether it takes a chain that a page describes; it switches there when asked again."""

    def inject(self, page: Page, *, announced: bool = True) -> None:
        """Puts the wallet into the page: announced by EIP-6963, or only as ``window.ethereum``."""
        page.expose_function("askWallet", self._answer)
        page.add_init_script(_PROVIDER.replace("ANNOUNCE", _BY_EVENT if announced else _BY_WINDOW))

    def _answer(self, method: str, params: str) -> str:
        self.asked.append((method, json.loads(params)))
        if method in self.declines:
            return json.dumps({"error": DECLINED})
        try:
            return json.dumps(self._result(method, json.loads(params)))
        except RpcRefused as error:
            return json.dumps({"error": {"code": error.code, "message": error.message}})

    def _result(self, method: str, params: Any) -> dict[str, Any]:
        if method in ("eth_requestAccounts", "eth_accounts"):
            return {"result": self.accounts}
        if method == "eth_chainId" and self.chain_id is not None:
            return {"result": hex(self.chain_id)}
        if method == "wallet_addEthereumChain":
            if not self.adds:
                return {"error": {"code": -32601, "message": "The method is not supported."}}
            self.knows = (self.knows or set()) | {int(params[0]["chainId"], 16)}
            return {"result": None}
        if method == "wallet_switchEthereumChain":
            wanted = int(params[0]["chainId"], 16)
            if self.knows is not None and wanted not in self.knows:
                return {"error": self.says_unknown} if self.says_unknown else {"result": None}
            self.chain_id = wanted
            return {"result": None, "emit": {"name": "chainChanged", "value": params[0]["chainId"]}}
        if method == "eth_signTypedData_v4":
            return {"result": self.node.rpc(method, [params[0], json.loads(params[1])])}
        return {"result": self.node.rpc(method, params)}


@dataclass
class Console:
    """What the page complained about: errors, and violations of its content security policy."""

    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


def overflows(page: Page) -> bool:
    """Whether the page is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def least_contrast(page: Page) -> float:
    """The least contrast of any text with what it stands on, by the formula of WCAG 2.2."""
    return float(page.evaluate(_CONTRAST))


_CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => colour.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const speaks = (element) => !element.closest("svg, template, [aria-disabled], .hidden-text")
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  document.getAnimations().forEach((animation) => animation.finish());
  return [...document.querySelectorAll("body *")].filter(speaks).reduce((least, element) => {
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    return Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }, 21);
}"""
