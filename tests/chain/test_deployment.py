"""Deployment files: each way in which one can be wrong is one clear line."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from ledger_world import World

from ledger.chain import anvil, deployment
from ledger.settings import Settings
from ledger.terms.deployment import Deployment, DeploymentInvalid


def test_a_deployment_survives_its_file(deployment_file: Path, world: World) -> None:
    assert deployment.load(deployment_file) == world.deployment
    assert [path.name for path in deployment_file.parent.iterdir()] == [deployment_file.name]
    assert deployment.find(Settings(deployment=deployment_file), world.node) == world.deployment


def test_contracts_are_known_by_address(world: World) -> None:
    for name, address in world.deployment.contracts.items():
        assert world.deployment.kind_of(address.lower()) == name
        assert world.deployment.kind_of(bytes.fromhex(address[2:])) == name
    assert world.deployment.kind_of("0x" + "12" * 20) is None
    with pytest.raises(DeploymentInvalid, match="has no Escrow"):
        world.deployment.address("Escrow")


@pytest.fixture
def deployment_file(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "deployments" / "31337.json"
    deployment.save(world.deployment, path)
    return path


def changed(world: World, **fields: Any) -> Deployment:
    return dataclasses.replace(world.deployment, **fields)


def test_a_missing_file_says_what_to_run(world: World, tmp_path: Path) -> None:
    with pytest.raises(DeploymentInvalid, match="There is no deployment file") as error:
        deployment.find(Settings(deployment=tmp_path / "none.json"), world.node)
    assert "pledger deploy" in error.value.hint


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "is not a deployment file"),
        ("[]", "is not an object"),
        ("{}", "contracts is None"),
        ('{"contracts": {}}', "contracts.AccessManager is missing"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_malformed_file_is_named(tmp_path: Path, content: str | bytes, named: str) -> None:
    path = tmp_path / "1.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DeploymentInvalid) as error:
        deployment.load(path)
    assert str(path) in error.value.what
    assert named.removeprefix("contracts is None") in error.value.what


def test_a_changed_field_is_named(deployment_file: Path) -> None:
    document = json.loads(deployment_file.read_text())
    document["contracts"]["DealRegistry"] = "0x12"
    deployment_file.write_text(json.dumps(document))
    with pytest.raises(DeploymentInvalid, match=r"contracts\.DealRegistry is '0x12', not an address"):
        deployment.load(deployment_file)


def test_a_file_of_another_chain_is_refused(world: World) -> None:
    with pytest.raises(DeploymentInvalid, match=r"the file is for chain 1, but .* is chain 31337"):
        deployment.check(changed(world, chain_id=1), world.node, "the file")


def test_another_chain_with_the_same_chain_id_is_refused(world: World) -> None:
    with anvil.start() as other:
        with pytest.raises(DeploymentInvalid, match="is another chain than that of the file"):
            deployment.check(world.deployment, other.node, "the file")
        other.mine(world.deployment.block)
        with pytest.raises(DeploymentInvalid, match="is another chain than that of the file"):
            deployment.check(world.deployment, other.node, "the file")


def test_an_address_without_code_is_named(world: World) -> None:
    nowhere = anvil.wallet(9).address
    contracts = {**world.deployment.contracts, "DealRegistry": nowhere}
    with pytest.raises(
        DeploymentInvalid, match=f"no contract at {nowhere}, where the file has its DealRegistry"
    ):
        deployment.check(changed(world, contracts=contracts), world.node, "the file")
