// Handing a signed act to the relayer: once, under a name of its own, however often it is handed in.

import { ask } from "./server.js";

/** A body with the name under which it is handed in: the same again is the same act. */
export function named(body) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { key: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""), body };
}

/** Hands it in; what becomes of it, `/v1/relays/{id}` says. Throws Problem; Unreached when it may have been taken. */
export function submit(name, { key, body }) {
  return ask(`/v1/actions/${name}/submit`, body, "POST", { "Idempotency-Key": key });
}

/** Goes to the page that says what becomes of it. */
export function sent({ id }) {
  location.assign(`/sent/${id}`);
}
