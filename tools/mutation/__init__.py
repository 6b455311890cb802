"""Small faults put into the contracts, to count how many the contract tests notice: a tool that compiles many
faults at once, each behind a choice that is made as the contract runs.
"""
