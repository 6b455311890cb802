"""As whom the embedded PostgreSQL runs: as this user, or, started by root, as another one that root lets in.

PostgreSQL refuses to be root.
"""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError

NAME = "pgserver"
"""The system's user that root makes for the server, unless its folder is somebody's already."""
_ENTER, _READ = 0o001, 0o004


@dataclass(frozen=True)
class Account:
    """A user of this system; without ``uid`` it is the one who runs this program."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """For `subprocess`: to run a program as this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hands a file or folder over."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def let_in(self, folder: Path, *, reading: bool = False) -> None:
        """Lets this user pass through all folders above, and read what is in this one when ``reading``.

        Others may pass, then, too: they need a file's name, and its permission.
        """
        if self.uid is None:
            return
        for above in folder.resolve().parents:
            _allow(above, self.uid, _ENTER)
        if reading:
            _allow(folder, self.uid, _ENTER | _READ)
            for path in folder.rglob("*"):
                if not path.is_symlink():
                    executable = path.stat().st_mode & 0o111
                    _allow(path, self.uid, _READ | (_ENTER if executable else 0))


def account_of(home: Path) -> Account:
    """Who runs the server whose folder is in ``home``: this user; for root, the owner of what is there.

    Raises LedgerError when root can make no user for it.
    """
    if os.geteuid() != 0:
        return Account()
    for path in (home / "postgres", home):
        with suppress(FileNotFoundError, KeyError):
            owner = path.stat().st_uid
            if owner != 0:
                return Account(owner, pwd.getpwuid(owner).pw_gid)
    try:
        known = pwd.getpwnam(NAME)
    except KeyError:
        known = _made()
    return Account(known.pw_uid, known.pw_gid)


def _made() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    reason = "this system has no useradd"
    if program is not None:
        done = subprocess.run([program, "--system", NAME], capture_output=True, text=True)
        reason = done.stderr.strip().partition("\n")[0]
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        raise LedgerError(
            f"PostgreSQL does not run as root, and no user {NAME} can be made for it: {reason}.",
            "Run this as another user, or set PLEDGER_DATABASE_URL to a server of your own.",
        ) from None


def _allow(path: Path, uid: int, wanted: int) -> None:
    """Adds to what others may do with it, unless this user may as its owner."""
    with suppress(OSError):  # what it then cannot do, PostgreSQL says itself
        state = path.stat()
        have = state.st_mode >> 6 if state.st_uid == uid else state.st_mode
        if wanted & ~have:
            path.chmod(state.st_mode & 0o7777 | (wanted << 6 if state.st_uid == uid else wanted))
