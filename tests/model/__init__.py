"""A reference model of the contracts: what their interfaces say, in plain Python.

Read it as the specification. Each file has one idea:

- `refusals`: when an action is refused, and by which names;
- `heads`: the journal of each contract, entry by entry;
- `accounts`: which wallet acts for an account;
- `agreements`: terms in force, their successors and ends;
- `epochs`: programmes and their keys;
- `deals`: commitments, queues, decisions;
- `shares`: what a payee earns of a total;
- `books`: payments, holds, claims; `disputes`, `debts`: what becomes of money that is questioned;
- `whole`: all of them on one deployment.

Time is given with every action, in unix seconds; amounts are in token base units; ids are 32 bytes.

`sending`, `comparison`, `steps_*` and `history` do each action both on anvil and in the model, and compare.
"""
