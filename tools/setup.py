"""Everything `make` needs before it can work: checks the machine, installs what the project lists.

Usage: python3 tools/setup.py check | python | node | chromium | brownie | bench | assurance | port NUMBER

Standard library only, and syntax that an old Python can read, because it runs before anything is installed.
Each missing thing is one line that says what to do about it; the exit code is then 1.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON_AT_LEAST = (3, 11)
NODE_AT_LEAST = 20
DISK_AT_LEAST_GB = 3
SOLC_VERSION = "0.8.37"
FOUNDRY_TOOLS = ("forge", "cast", "anvil")
NOT_IN_A_PATH = {
    ":": "Python's environments and the PATH end a folder's name there",
    '"': "PostgreSQL's initdb gives the name to a shell in such marks",
    "$": "PostgreSQL's initdb gives the name to a shell, which puts a variable there",
    "`": "PostgreSQL's initdb gives the name to a shell, which runs what follows",
    "\\": "PostgreSQL's initdb gives the name to a shell, which drops it",
    "\n": "no tool takes it",
}
NOT_FOR_SETUP = {
    *("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_NO_DEPS", "PIP_PYTHON", "PIP_DRY_RUN"),
    *("NODE_ENV", "NPM_CONFIG_PRODUCTION", "NPM_CONFIG_OMIT", "NPM_CONFIG_GLOBAL", "NPM_CONFIG_PREFIX"),
    *("NPM_CONFIG_DRY_RUN", "NPM_CONFIG_PACKAGE_LOCK_ONLY"),
}
"""What in the environment sends packages elsewhere, or leaves some of them out."""
NPM_INSTALL = ("install", "--include=dev", "--include=optional", "--no-save", "--no-progress")
"""The tools are development packages, Foundry's binaries optional ones: a user's settings may omit both."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROME_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def missing_tools():
    """Yield one line for each thing that the machine lacks."""
    if sys.version_info < PYTHON_AT_LEAST:
        found = "{}.{}".format(*sys.version_info[:2])
        yield f"Python {found} is too old: install 3.11 or newer, then run `make PYTHON=python3.11 setup`"
    try:
        import ensurepip  # noqa: F401 - only whether it is there: Debian packs it separately
        import venv  # noqa: F401
    except ImportError:
        yield "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv)"
    yield from missing_node()
    for tool in ("npm", "make"):
        if shutil.which(tool) is None:
            yield f"{tool} is missing: install it (Debian, Ubuntu: apt-get install {tool})"
    for character, reason in NOT_IN_A_PATH.items():
        if character in str(ROOT):
            yield f"{character!r} is in the name of this folder: {reason}; move the checkout to another one"
    installed = (ROOT / ".venv").exists() and (ROOT / "node_modules").exists()
    free = shutil.disk_usage(ROOT).free / 1e9
    if not installed and free < DISK_AT_LEAST_GB:
        yield f"{free:.1f} GB are free here and {DISK_AT_LEAST_GB} GB are needed: make room on this disk"


def missing_node():
    """Yield a line when node is absent or too old."""
    if shutil.which("node") is None:
        yield f"node is missing: install Node.js {NODE_AT_LEAST} or newer"
        return
    shown = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, check=False).stdout.decode()
    major = re.match(r"v(\d+)", shown)
    if major is None or int(major.group(1)) < NODE_AT_LEAST:
        yield f"node {shown.strip() or '(no version)'} is too old: install Node.js {NODE_AT_LEAST} or newer"


def check():
    """Stop with one line for each missing thing."""
    lines = list(missing_tools())
    if lines:
        sys.exit("\n".join("setup: " + line for line in lines))


def run(doing, command):
    """Run one install step, quietly when it works; stop with one line when it does not."""
    print(f"setup: {doing}", flush=True)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=with_a_cache(clean(os.environ)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)
        sys.exit(f"setup: failed while {doing}; the lines above say why. Run the same `make` again to go on.")


def clean(environ):
    """Return the environment without what sends packages elsewhere, or leaves some of them out: settings for
    other work, in a shell's profile or of a machine that deploys.
    """
    kept = {name: value for name, value in environ.items() if name.upper() not in NOT_FOR_SETUP}
    return dict(kept, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")  # also where a user's pip.conf says otherwise


def with_a_cache(environ):
    """Return the environment; npm keeps its cache here where there is no home that can be written."""
    home = Path(environ.get("HOME", "/nowhere"))
    if os.access(str(home), os.W_OK) or "npm_config_cache" in environ:
        return environ
    return dict(environ, npm_config_cache=str(ROOT / "build" / "npm"))


def environment(name, requirements):
    """Create a virtual environment and install the hashed requirements into it. Return its python."""
    python = ROOT / name / "bin" / "python"
    if not works(python):
        run(f"creating {name}", [sys.executable, "-m", "venv", "--clear", name])
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install"]
    run(
        f"installing {requirements} into {name} (a minute or two)",
        [*pip, "--require-hashes", "-r", requirements],
    )
    return python


def works(python):
    """Return whether an environment is whole: it may have been broken off half-way, or its Python be gone or
    have become another one.
    """
    try:
        said = subprocess.run(
            [str(python), "-c", "import sys, pip; print(*sys.version_info[:2])"],
            env=clean(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        ).stdout
    except OSError:
        return False
    return said.decode().split() == [str(number) for number in sys.version_info[:2]]


def install_python():
    """The product, its tests and its linters in .venv, and the project itself as an editable install."""
    python = environment(".venv", "requirements-dev.txt")
    editable = ["install", "--no-deps", "--no-build-isolation", "--editable", "."]
    run("installing the project itself", [str(python), "-m", "pip", "--disable-pip-version-check", *editable])


def install_node():
    """The compiler, the local testnet and the Solidity libraries in node_modules.

    Not `npm ci`: it demands a lock entry for every platform's Foundry binary, and a registry may hold
    only some. `--no-save` keeps to the lock and never rewrites it.
    """
    run("installing package-lock.json into node_modules", ["npm", *NPM_INSTALL])
    for tool in FOUNDRY_TOOLS:
        link_foundry_binary(tool)


def link_foundry_binary(tool):
    """Put the real binary where npm put a Node script that starts it.

    The script of release 1.7.1 exits 0 whatever the binary returned: failing tests would pass. It also leaves
    anvil running when it is killed itself.
    """
    binaries = sorted((ROOT / "node_modules" / "@foundry-rs").glob(f"{tool}-*/bin/{tool}"))
    if not binaries:
        sys.exit(
            f"setup: npm has no {tool} for this system: install Foundry, link node_modules/.bin/{tool} to it"
        )
    link = ROOT / "node_modules" / ".bin" / tool
    if link.is_symlink() or link.exists():
        link.unlink()
    link.symlink_to(os.path.relpath(str(binaries[0]), str(link.parent)))


def install_bench():
    """The contracts that ours are measured beside, and their compiler, in bench/node_modules."""
    run(
        "installing bench/package-lock.json into bench/node_modules",
        ["npm", "--prefix", "bench", *NPM_INSTALL],
    )


def find_chromium():
    """Return the path of a Chromium or Chrome, or None. CHROMIUM in the environment comes first."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen if shutil.which(chosen) else None
    found = [path for path in map(shutil.which, CHROMIUM_NAMES) if path]
    if not found and CHROME_ON_MACOS.exists():
        found = [str(CHROME_ON_MACOS)]
    return found[0] if found else None


def install_chromium():
    """Install Chromium where that needs no question; elsewhere say what is missing. Never an error: only
    the browser tests need it."""
    if find_chromium() is not None:
        return
    as_root = root_prefix()
    if as_root is not None:
        print("setup: installing Chromium for the browser tests", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        noninteractive = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        subprocess.run([*noninteractive, "update"], **quiet)
        subprocess.run([*noninteractive, "install", "-y", "--no-install-recommends", "chromium"], **quiet)
    if find_chromium() is None:
        print(
            "setup: no Chromium or Chrome was found. Only the browser tests need one: install it "
            "(Debian: apt-get install chromium) or set CHROMIUM to its path"
        )


def root_prefix():
    """Return what to put before apt-get to run it as root without a question, or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    asks_nothing = shutil.which("sudo") and subprocess.call(
        ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return ["sudo", "-n"] if asks_nothing == 0 else None


def install_brownie():
    """Brownie in .venv-brownie, and the project's compiler where Brownie's py-solc-x looks for one."""
    environment(".venv-brownie", "requirements-brownie.txt")
    compilers = ROOT / "build" / "solcx"
    compilers.mkdir(parents=True, exist_ok=True)
    link = compilers / f"solc-v{SOLC_VERSION}"
    if link.is_symlink() or link.exists():
        link.unlink()
    link.symlink_to(Path("..", "..", "tools", "solc"))


def install_assurance():
    """halmos, which proves, and Slither, which reads the contracts for known mistakes, in .venv-assurance."""
    environment(".venv-assurance", "requirements-assurance.txt")


def port_is_free(number):
    """Stop when something already listens on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", int(number))) == 0:
            sys.exit(f"setup: port {number} is in use: stop what listens there (another anvil?) first")


STEPS = {
    "check": check,
    "python": install_python,
    "node": install_node,
    "chromium": install_chromium,
    "brownie": install_brownie,
    "bench": install_bench,
    "assurance": install_assurance,
    "port": port_is_free,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in STEPS:
        sys.exit(__doc__)
    STEPS[sys.argv[1]](*sys.argv[2:])
