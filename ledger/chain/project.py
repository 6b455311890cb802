"""Where the sources of contracts and the npm packages are: the root of the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
