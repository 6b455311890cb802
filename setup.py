"""What a built package carries besides its own modules: the contracts' artifacts and the migrations.

The artifacts are found by a hash over the sources (`make contracts` compiles them), so that no package is of
other contracts than those beside it; what is not compiled is not packed. A source distribution carries them
where an installed package has them, and a wheel is built from it without a compiler. All else is in
pyproject.toml.
"""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist
from setuptools.errors import SetupError

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from ledger.artifacts import sources  # noqa: E402 - it needs the path, and nothing that is not in Python

ARTIFACTS = Path("ledger", "artifacts")
MIGRATIONS = Path("ledger", "store", "migrations")


def pack(folder: Path) -> None:
    """Puts both into a tree of the package, from a checkout or from an unpacked source distribution."""
    is_checkout = (ROOT / "contracts").is_dir()
    shipped = {"contracts.json": sources.kept, "layouts.json": sources.kept_layouts}
    (folder / ARTIFACTS).mkdir(parents=True, exist_ok=True)
    for name, kept in shipped.items():
        compiled = kept() if is_checkout else ROOT / ARTIFACTS / name
        if not compiled.is_file():
            raise SetupError(
                "The contracts are not compiled as they now are, and a package without them cannot be used: "
                "run `make wheel` in a checkout, or `make contracts` first."
            )
        shutil.copyfile(compiled, folder / ARTIFACTS / name)
    migrations = ROOT / "migrations" if is_checkout else ROOT / MIGRATIONS
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(migrations, folder / MIGRATIONS, ignore=ignored, dirs_exist_ok=True)


class BuildWithData(build_py):
    """An editable install reads both where they are, and gets neither."""

    def run(self) -> None:
        """Begins with an empty folder: what an earlier build left there is not of this one."""
        if self.editable_mode:
            super().run()
            return
        built = Path(self.build_lib)
        shutil.rmtree(built, ignore_errors=True)
        super().run()
        pack(built)


class SdistWithData(sdist):
    """Of what git has, that which the package is built from."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """The tree that is packed."""
        super().make_release_tree(base_dir, files)
        pack(Path(base_dir))


setup(cmdclass={"build_py": BuildWithData, "sdist": SdistWithData})
