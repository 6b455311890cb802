"""``pledger drafts``: which of your account's drafts wait, and for whom."""

from ledger.cli.acting.server_session import Server, ServerUrl
from ledger.cli.moments import shown


def drafts_command(server: ServerUrl = None) -> None:
    """Lists drafts of agreements and amendments that are not in force, and whose signatures are missing."""
    there = Server(server)
    found = there.ask("GET", "/v1/agreements/drafts")["drafts"]
    for each in found:
        kind = "amendment" if each["amends"] else "agreement"
        print(f"{kind} {each['agreement']}, drafted {shown(each['created_at'])}")
        print(f"  {there.origin}{each['page']}" + ("  needs your signature" if each["needs_you"] else ""))
        for party in each["parties"]:
            print(f"  {party['account']}  {party['state']:14} {party['name'] or ''}".rstrip())
        if each["failure"]:
            print(f"  {each['failure']}")
    if not found:
        print("No draft waits.")
