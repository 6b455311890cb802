// The page of the test wallet's accounts: one of them is chosen for this browser.

import { chosen, use } from "./test_wallet.js";

const page = document.querySelector('[data-part="test-wallets"]');

function show() {
  for (const row of page.querySelectorAll("[data-address]")) {
    const mine = row.dataset.address === chosen();
    row.querySelector('[data-action="use"]').hidden = mine;
    row.querySelector('[data-part="used"]').hidden = !mine;
  }
}

page.addEventListener("click", (event) => {
  const button = event.target.closest('[data-action="use"]');
  if (!button) return;
  const row = button.closest("[data-address]");
  use(row.dataset.address);
  show();
  document.querySelector('[data-part="now"]').textContent =
    `This browser now acts as ${row.dataset.name}. Open a signing link, and connect “Test wallet” there.`;
});
window.addEventListener("storage", show);
show();
