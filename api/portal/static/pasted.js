// What people paste: what cannot be seen, spaces and quotes around a value are not a part of it.

const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const AROUND = /^["'“”‘’«»‹›`<([{\s]+|["'“”‘’«»‹›`>)\]},;.\s]+$/g;

/** A text without what takes no room in it. */
export function withoutUnseen(text) {
  return text.replace(UNSEEN, "");
}

/** A text as it is read: nothing unseen in it, one space between words, accents written in one way. */
export function seen(text) {
  return withoutUnseen(text).normalize("NFC").replace(/\s+/g, " ").trim();
}

/** A value that has no spaces, such as an address, a key or a signature, without those that were pasted with it. */
export function solid(text) {
  return seen(text).replace(AROUND, "").replace(/\s/g, "").replace(/^0X/, "0x");
}
