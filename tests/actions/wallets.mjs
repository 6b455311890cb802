// Signs typed data as third-party wallets do: reads a key and a list of it as JSON, writes each library's signatures.

import sigUtil from "@metamask/eth-sig-util";
import { Wallet } from "ethers";
import { privateKeyToAccount } from "viem/accounts";

let given = "";
for await (const part of process.stdin) given += part;
const { key, forms } = JSON.parse(given);
const account = privateKeyToAccount(key);
const wallet = new Wallet(key);
const privateKey = Buffer.from(key.slice(2), "hex");

const signed = [];
for (const form of forms) {
  const { EIP712Domain, ...types } = form.types;
  signed.push({
    viem: await account.signTypedData(form),
    ethers: await wallet.signTypedData(form.domain, types, form.message),
    "eth-sig-util": sigUtil.signTypedData({ privateKey, data: form, version: "V4" }),
  });
}
console.log(JSON.stringify(signed));
