"""Print the gas snapshot as a table: whole transactions, the 21,000 and the calldata included."""

import json
from pathlib import Path

SNAPSHOTS = Path(__file__).resolve().parent.parent / "tests" / "contracts" / "snapshots"


def main() -> None:
    """Print one line for each measured action, grouped by file."""
    for file in sorted(SNAPSHOTS.glob("*.json")):
        print(f"\n{file.stem}")
        for action, gas in json.loads(file.read_text()).items():
            print(f"  {int(gas):>12,}  {action}")


if __name__ == "__main__":
    main()
