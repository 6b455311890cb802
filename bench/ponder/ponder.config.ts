// The chain, its contracts and the database are the bench's: it names them in the environment.
import { readFileSync } from "node:fs";
import type { Abi } from "viem";
import { createConfig } from "ponder";

const { chainId, startBlock, contracts } = JSON.parse(readFileSync(process.env.BENCH_DEPLOYMENT!, "utf8"));
const at = (name: string) => ({
  chain: "ledger" as const,
  abi: contracts[name].abi as Abi,
  address: contracts[name].address as `0x${string}`,
  startBlock,
});

export default createConfig({
  database: { kind: "postgres", connectionString: process.env.DATABASE_URL! },
  chains: { ledger: { id: chainId, rpc: process.env.BENCH_RPC_URLS!.split(","), pollingInterval: 200 } },
  contracts: { AgreementRegistry: at("AgreementRegistry"), RevenueLedger: at("RevenueLedger") },
});
