"""`/v1/actions`: what people can do on the ledger, and what each act would be."""
