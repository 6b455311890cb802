"""What `make setup` does where an earlier one was broken off, or a shell's profile is set for other work."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.checkout import ROOT
from tools import setup


@pytest.mark.parametrize("broken", ["nothing", "without pip", "its Python is gone", "another version's"])
def test_an_environment_that_is_not_whole_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    python = tmp_path / "env" / "bin" / "python"
    if broken == "nothing":
        assert setup.works(Path(sys.executable))
        return
    if broken == "its Python is gone":
        python.parent.mkdir(parents=True)
        python.symlink_to(tmp_path / "removed")
    elif broken == "without pip":
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    else:
        python = Path(sys.executable)
        monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert not setup.works(python)


def test_what_sends_packages_elsewhere_or_leaves_them_out_is_not_handed_on() -> None:
    stray = {"PIP_TARGET": "/x", "PIP_USER": "1", "NODE_ENV": "production", "npm_config_omit": "optional"}
    wanted = {"PATH": "/bin", "https_proxy": "http://proxy", "PIP_INDEX_URL": "https://mirror"}
    handed_on = setup.clean(stray | wanted)
    assert handed_on == wanted | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}


@pytest.mark.parametrize(("written", "stays"), [("{here}\n", True), ("", True), ("/elsewhere\n", False)])
def test_a_checkout_that_was_moved_is_set_up_again(tmp_path: Path, written: str, stays: bool) -> None:
    folder = tmp_path / "my ledger ü 100%"
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    ready = folder / ".venv" / ".ready"
    ready.write_text(written.format(here=folder.resolve()))
    subprocess.run(["make", "help"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    assert ready.exists() is stays
