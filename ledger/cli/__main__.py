"""``python -m ledger.cli``: `pledger` in a folder whose name a script's first line cannot hold."""

from ledger.cli.main import main

main()
