"""People and machines that act for accounts through a server: who has signed in, and what they may do.

Nothing here is on the chain, and nothing of it moves money: what an account does is signed by its wallet.
Times are seconds since 1970 by the server's clock.
"""
