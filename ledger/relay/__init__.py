"""The relayer: sends what accounts signed, pays its gas, and does so once whatever crashes meanwhile.

What is to be sent is a row of `app.relay`. Each of the relayer's keys is a lane: a transaction is signed with
the lane's next nonce and written down before it is sent, so that whoever comes after a crash sends the same
bytes.
"""
