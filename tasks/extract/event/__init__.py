"""What happened: who did what to whom, where and when, and whether it did.

`component` is `copydesk.events`. `lexicon` reads `config/extract/events.toml`, with the forms of its words
from `forms`; `tree` is the syntax of an article as plain lists, and `cast` says which words are which entity,
place and date. `triggers` finds the words that name an event, `roles` who takes part, `status` whether it
happened, `circumstances` where and when.
"""
