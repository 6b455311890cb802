"""The raw limit: the logs are downloaded, parsed as JSON and copied as lines, and nothing else.

Run as a process of its own: python -m bench.mirror.raw RPC_URL CONTRACT LAST_BLOCK DATABASE_URL
"""

import sys

import httpx
import orjson
import psycopg

_BLOCKS = 50


def copy_lines(rpc_url: str, contract: str, last: int, database_url: str) -> int:
    """Lines copied."""
    lines = 0
    with (
        httpx.Client(timeout=120) as client,
        psycopg.connect(database_url) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE line (log text)")
        with cursor.copy("COPY line FROM STDIN") as copy:
            for first in range(0, last + 1, _BLOCKS):
                asked = {
                    "address": contract,
                    "fromBlock": hex(first),
                    "toBlock": hex(min(last, first + _BLOCKS - 1)),
                }
                call = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [asked]}
                logs = orjson.loads(client.post(rpc_url, json=call).content)["result"]
                for log in logs:
                    copy.write_row((log["data"],))
                lines += len(logs)
    return lines


if __name__ == "__main__":
    print(copy_lines(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
