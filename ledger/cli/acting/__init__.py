"""What a partner does from the command line: one key acts for one account, by transactions of its own
wallet.
"""
