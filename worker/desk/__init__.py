"""The desk: ledger, parts, records and outbox, in one database."""
