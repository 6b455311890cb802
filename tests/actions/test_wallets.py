"""Wallets of others sign what the API gives: every struct, the same signature as eth-account makes."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_world import World
from test_forms_on_chain import SIGNED, said

from ledger.actions import Said, signed_form
from ledger.chain import anvil

WALLETS = Path(__file__).with_name("wallets.mjs")
FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))


def signed_by_others(key: str, forms: list[Any]) -> list[dict[str, str]]:
    """Each form's signatures, by library."""
    asked = json.dumps({"key": key, "forms": forms})
    done = subprocess.run(
        ["node", str(WALLETS)], input=asked, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        missing = "ERR_MODULE_NOT_FOUND" in done.stderr
        pytest.fail("The wallets are not installed: run `make setup`." if missing else done.stderr[-2000:])
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_viem_ethers_and_eth_sig_util_sign_every_struct_as_eth_account_does(world: World) -> None:
    key, forms = anvil.wallet(60), []

    def collect(one: Said, nonce: int) -> None:
        forms.append(json.loads(json.dumps(signed_form(one, nonce=nonce, deadline=2**40))))

    for name in SIGNED:
        FEW(given(said(name, world.deployment, key.address), st.integers(0, 2**256 - 1))(collect))()
    assert {each["primaryType"] for each in forms} >= {"ClaimTo", "Acceptance", "PayBatch", "Decide"}
    found = signed_by_others("0x" + bytes(key.key).hex(), forms)
    for form, signatures in zip(forms, found, strict=True):
        ours = key.sign_message(encode_typed_data(full_message=form)).signature.to_0x_hex()
        others = dict.fromkeys(("viem", "ethers", "eth-sig-util"), ours)
        assert signatures == others, form["primaryType"]
