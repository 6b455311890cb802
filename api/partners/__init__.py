"""Partners: who registered, and what the consortium attests of them."""
