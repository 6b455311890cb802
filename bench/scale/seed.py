"""The rows to begin with: what the demonstration made on a real chain, mirrored by the real indexer."""

import subprocess
import sys
from pathlib import Path

from ledger.checkout import ROOT
from ledger.settings import Settings

_FOLDER = ROOT / "build" / "bench" / "scale" / "seed"


def settings() -> Settings:
    """Of the demonstration's database. It is played once, a minute or two, and kept."""
    home = _FOLDER / ".pledger" / "demo"
    if not (_FOLDER / "played").exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        print("playing the demonstration, whose chain and mirror are the seed", flush=True)
        command = [str(Path(sys.executable).with_name("pledger")), "demo", "--once"]
        subprocess.run(command, cwd=_FOLDER, check=True, stdout=subprocess.DEVNULL)
        (_FOLDER / "played").touch()
    return Settings(_env_file=None, home=home, rpc_url="http://127.0.0.1:9")
