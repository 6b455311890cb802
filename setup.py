"""What a built package carries besides its own modules: the contracts' artifacts and the migrations.

The artifacts are found by a hash over the sources (`make contracts` compiles them), so that no wheel is of
other contracts than those beside it, and what is not compiled is not packed. All else is in pyproject.toml.
"""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from ledger.artifacts import sources  # noqa: E402 - it needs the path, and nothing that is not in Python


class BuildWithData(build_py):
    """An editable install reads both where they are, and gets neither."""

    def run(self) -> None:
        """Begins with an empty folder: what an earlier build left there is not of this one."""
        if self.editable_mode:
            super().run()
            return
        compiled = sources.kept()
        if not compiled.is_file():
            raise SetupError(
                "The contracts are not compiled as they now are, and a package without them cannot be used: "
                "run `make wheel` in a checkout, or `make contracts` first."
            )
        built = Path(self.build_lib)
        shutil.rmtree(built, ignore_errors=True)
        super().run()
        shutil.copyfile(compiled, built / "ledger" / "artifacts" / "contracts.json")
        shutil.copytree(
            ROOT / "migrations",
            built / "ledger" / "store" / "migrations",
            ignore=shutil.ignore_patterns("__pycache__"),
        )


setup(cmdclass={"build_py": BuildWithData})
