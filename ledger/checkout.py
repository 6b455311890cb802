"""Where the sources of contracts, the npm packages and the sample files are: the root of the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""Of an installed package: the folder that it is installed in, which has none of them."""


def is_one() -> bool:
    """Whether this runs in a checkout, which has the contracts' sources, or as an installed package."""
    return (ROOT / "foundry.toml").is_file() and (ROOT / "contracts").is_dir()
