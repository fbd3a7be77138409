"""How articles come in: find files, wait until they are whole, split, spool, write the ledger, ring.

- `kinds`: which files hold many articles.
- `split`: the child process that takes containers apart; the only code that looks into them.
- `splitter`: our side of that child, with its limits.
- `take`: spool and ledger, then the bell.
- `walk`: the files behind paths, folders and globs.
- `whole`: is a file still being written?
- `watch`: the inbox, for ever.  `move`: where finished files go.  `bulk`: `run` and `batch`.
"""
