"""Ends of an agreement that parties consented to by transaction, as the contract's entries say them."""

from collections.abc import Sequence

from eth_typing import ChecksumAddress
from eth_utils.abi import event_abi_to_log_topic
from eth_utils.address import to_checksum_address

from ledger.actions.agreements import END
from ledger.actions.consents import consent_hash
from ledger.chain.logs import logs_between
from ledger.chain.node import NodeFailed
from ledger.cli.acting.desk import Desk
from ledger.cli.moments import shown
from ledger.journal.events import EventUnreadable, decode_log
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId


def say_other_ends(
    desk: Desk, agreement: AgreementId, parties: Sequence[ChecksumAddress], ends_at: int
) -> None:
    """Prints which other last seconds parties have consented to: a consent counts for its own alone.

    Of a node that does not have the entries, nothing is said: the agreement's page shows them.
    """
    try:
        said = _consented(desk, agreement)
    except (NodeFailed, EventUnreadable):
        return
    others = sorted({pair for pair in said if pair[0] in parties and pair[1] != ends_at})
    ends = {moment: consent_hash(END, {"agreement": agreement, "ends_at": moment}) for _, moment in others}
    asked = [[account, ends[moment]] for account, moment in others]
    counts = desk.questions.ask(AGREEMENTS, "hasConsented", asked) if asked else []
    for (account, moment), does_count in zip(others, counts, strict=True):
        if does_count:
            print(f"{account} consented to another end, on {shown(moment)}.")


def _consented(desk: Desk, agreement: AgreementId) -> set[tuple[ChecksumAddress, int]]:
    """Account and last second of each consent to an end of the agreement, whatever became of it."""
    abi = desk.node.contract(desk.deployment, AGREEMENTS).events.ConsentedToEnd.abi
    topics = ["0x" + event_abi_to_log_topic(abi).hex(), "0x" + agreement.hex()]
    asked = {"address": desk.deployment.address(AGREEMENTS), "topics": topics}
    found = logs_between(desk.node, asked, desk.deployment.block, desk.questions.block)
    events = [decode_log(desk.deployment, log) for log in found]
    return {
        (to_checksum_address(event.args["account"]), event.args["ends_at"])
        for event in events
        if event.name == "ConsentedToEnd" and event.args["agreement"] == agreement
    }
