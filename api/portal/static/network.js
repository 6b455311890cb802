// Bringing a wallet to the agreement's chain: switching to it, or adding it first as the operator configured it.

import { declined, pending } from "./wallets.js";

/** The wallet could not be brought there; the message says what a person can do. */
export class Stays extends Error {}

/**
 * Brings the wallet to chain `chainId`. `network` is what EIP-3085 wants to know of it, null when the operator
 * configured nothing. Throws what the wallet throws when a person declines, or has yet to answer; Stays otherwise.
 *
 * Wallets say in many ways that they do not know a chain: with 4902, with -32603 around it, or not at all. So the
 * chain is added whenever switching did not bring the wallet there.
 */
export async function bring(provider, chainId, network) {
  const target = `0x${chainId.toString(16)}`;
  const refused = await attempt(provider, "wallet_switchEthereumChain", { chainId: target });
  if (await isAt(provider, chainId)) return;
  if (!network) {
    throw new Stays(
      `Your wallet does not know chain ${chainId}, and this site’s operator has not said how wallets reach it. ` +
        `Ask them for a node’s address (RPC URL), and add it in your wallet as a network with the chain id ${chainId}.`,
    );
  }
  const failed = await attempt(provider, "wallet_addEthereumChain", network);
  if (!(await isAt(provider, chainId))) await attempt(provider, "wallet_switchEthereumChain", { chainId: target });
  if (await isAt(provider, chainId)) return;
  const said = failed?.message ?? refused?.message;
  throw new Stays(
    `Your wallet did not add the network by itself${said ? ` (it answered: ${said})` : ""}. ` +
      "Add it there with what is listed below, then come back.",
  );
}

/** The wallet's error; null when it had none. One that a person caused is thrown. */
async function attempt(provider, method, parameter) {
  try {
    await provider.request({ method, params: [parameter] });
    return null;
  } catch (error) {
    if (declined(error) || pending(error)) throw error;
    return error;
  }
}

async function isAt(provider, chainId) {
  return Number(await provider.request({ method: "eth_chainId" })) === chainId;
}
