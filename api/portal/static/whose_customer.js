// Whether a deal's blinded customer is one that a partner knows: compared on this device, nothing is sent.

import { seen, solid } from "./pasted.js";
import { IdentifierInvalid, bytesOf, tagOf } from "./tags.js";

const form = document.querySelector('[data-part="whose-customer"]');
const KEY_BYTES = 32;

function say(text, kind) {
  const answer = form.querySelector('[data-part="answer"]');
  answer.textContent = text;
  answer.className = `note ${kind}`;
  answer.hidden = false;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!globalThis.crypto?.subtle) return say("Browsers compute this over HTTPS only, or on the machine that serves the page.", "warn");
  const fields = new FormData(form);
  const key = bytesOf(solid(fields.get("key")));
  if (key?.length !== KEY_BYTES) return say("The programme’s key is 0x and 64 hexadecimal digits.", "warn");
  try {
    const tag = await tagOf(key, fields.get("kind"), seen(fields.get("identifier")));
    const same = `0x${tag}` === form.dataset.tag;
    say(same ? "Yes: the deal is about this customer." : "No: the deal is about another customer.", same ? "good" : "");
  } catch (error) {
    if (!(error instanceof IdentifierInvalid)) throw error;
    say(error.message, "warn");
  }
});
