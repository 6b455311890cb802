// Customers' tags, as ledger/chain/tags.py makes them; both are tested against ledger/chain/tag_vectors.json.

/** What is not an identifier of its kind. */
export class IdentifierInvalid extends Error {}

const KINDS = { lei, register, vat, domain };

/** The one way to write a customer's identifier. Throws IdentifierInvalid. */
export function canonicalId(kind, identifier) {
  if (!Object.hasOwn(KINDS, kind)) throw new IdentifierInvalid(`“${kind}” is not a kind of identifier.`);
  return KINDS[kind](identifier.normalize("NFKC").trim());
}

/** The tag of a customer under a programme's key (32 bytes), as 64 hexadecimal digits. Throws IdentifierInvalid. */
export async function tagOf(key, kind, identifier) {
  const text = new TextEncoder().encode(`v1|${kind}|${canonicalId(kind, identifier)}`);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", secret, text)));
}

/** Bytes of hexadecimal digits; null when they are none. */
export function bytesOf(digits) {
  const plain = digits.trim().replace(/^0x/, "");
  if (plain.length % 2 || /[^0-9a-fA-F]/.test(plain)) return null;
  return Uint8Array.from(plain.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function lei(text) {
  const found = alphanumeric(text);
  if (!/^[A-Z0-9]{18}[0-9]{2}$/.test(found)) throw new IdentifierInvalid("An LEI has 20 letters and digits.");
  const digits = [...found].map((character) => Number.parseInt(character, 36)).join("");
  if (BigInt(digits) % 97n !== 1n) throw new IdentifierInvalid("The LEI's check digits are wrong: a character was mistyped.");
  return found;
}

function register(text) {
  const parts = text.split(":").map(alphanumeric);
  if (![2, 3].includes(parts.length) || !/^[A-Z]{2}$/.test(parts[0]) || parts.includes("")) {
    throw new IdentifierInvalid("Write country:number or country:register:number.");
  }
  return parts.join(":");
}

function vat(text) {
  const found = alphanumeric(text).replace(/^GR/, "EL");
  if (!/^[A-Z]{2}[A-Z0-9]{2,13}$/.test(found) || !/[0-9]/.test(found)) {
    throw new IdentifierInvalid("Write a VAT number with its country prefix.");
  }
  return found;
}

function domain(text) {
  let host;
  try {
    // Browsers map international names to punycode by the same standard (UTS 46).
    host = new URL(text.includes("//") ? text.replace(/^.*?\/\//, "http://") : `http://${text}`).hostname;
  } catch {
    throw new IdentifierInvalid("Write a domain as example.com.");
  }
  // www.com is a name of its own; any other leading www. is not.
  const name = host.replace(/\.+$/, "").replace(/^(www\.)+(?=[^.]+\.)/, "");
  if (!/^[a-z0-9.-]+$/.test(name) || !name.includes(".") || /^[0-9.]*$/.test(name)) throw new IdentifierInvalid("Write a domain as example.com.");
  return name;
}

/** Upper-case letters and digits, without the blanks and punctuation that people put between them. */
function alphanumeric(text) {
  const kept = text.replace(/[\s./_()-]/g, "").toUpperCase();
  if (/[^A-Z0-9]/.test(kept)) throw new IdentifierInvalid("Write it as its register does, in plain letters and digits.");
  return kept;
}
