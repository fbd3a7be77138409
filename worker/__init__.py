"""How work is carried: everything about an article except what is read out of it.

A map of the product, in the order in which an article travels:

- `worker.intake`: watches the inbox, splits containers, writes the spool and the ledger, then rings.
- `worker.celery`: the queues, their limits and the Celery application (`celery -A worker worker`).
- `tasks.flow`: the four tasks `read`, `extract`, `classify`, `publish` and who rings for whom.
- `tasks.step`: the wrapper around every task: claim, time limit, memory limit, outcome.
- `worker.desk`: ledger, parts, records and outbox; the ledger is the truth, Redis only the doorbell.
- `worker.keeper`: buries the dead, admits what waits, rings again for what was forgotten.
- `worker.sinks`: delivers published records to the world outside.
- `worker.record`: the record itself, and the part that each stage leaves behind.
- `worker.cli`: the commands.

Imports run `tasks -> worker -> config`; only the command line knows both.
"""
