"""The raw limit: all logs are downloaded, parsed as JSON and copied as lines, and nothing else.

A line holds all that the node said of a log, as it said it; the table has no key and no index. One process,
one connection, one transaction, and as many blocks a request as ours asks for in the end.

Run as a process of its own: python -m bench.mirror.raw RPC_URL CONTRACTS LAST_BLOCK DATABASE_URL
(CONTRACTS: addresses, with commas between them)
"""

import sys

import orjson
import psycopg
import urllib3

_BLOCKS = 50


def copy_lines(rpc_url: str, contracts: list[str], last: int, database_url: str) -> int:
    """Lines copied."""
    lines = 0
    pool = urllib3.PoolManager()
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE line (log text)")
        with cursor.copy("COPY line FROM STDIN") as copy:
            for first in range(0, last + 1, _BLOCKS):
                asked = {
                    "address": contracts,
                    "fromBlock": hex(first),
                    "toBlock": hex(min(last, first + _BLOCKS - 1)),
                }
                call = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [asked]}
                answer = pool.request(
                    "POST", rpc_url, body=orjson.dumps(call), headers={"Content-Type": "application/json"}
                )
                logs = orjson.loads(answer.data)["result"]
                copy.write("".join(map(_line, logs)))
                lines += len(logs)
    return lines


def _line(log: dict[str, str]) -> str:
    place = f"{log['blockNumber']} {log['blockHash']} {log['transactionHash']} {log['transactionIndex']}"
    return f"{log['address']} {' '.join(log['topics'])} {log['data']} {place} {log['logIndex']}\n"


if __name__ == "__main__":
    print(copy_lines(sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]), sys.argv[4]))
