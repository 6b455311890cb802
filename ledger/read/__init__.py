"""SQL as of a block: one text statement a question. Accounting, reputation and pages begin from its rows."""
