#!/usr/bin/env bash
# Recompiles the hashed requirements from pyproject.toml. Needs uv; give UPGRADE=--upgrade for newer versions.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."
compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header ${UPGRADE:-} "$@"
}
compile -o requirements.txt pyproject.toml
compile -o requirements-dev.txt --extra dev -c requirements.txt pyproject.toml
compile -o requirements-brownie.txt requirements-brownie.in
compile -o requirements-assurance.txt requirements-assurance.in
compile --no-deps -o requirements-bench.txt requirements-bench.in
