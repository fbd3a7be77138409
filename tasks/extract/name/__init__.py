"""Who and what: people, organisations and other names, their roles, and the mentions without a name.

`component` is `copydesk.names`. The way of a name:

1. `runs` finds capitalised sequences and names from lists; `roles` finds offices (`US Secretary of State`),
   `role_bounds` says how far they reach.
2. `entity_types` says what a sequence names, by `head_words` (`Bank of England`) and by the words around it
   (`signs`); `evidence` decides what is left open by the rest of the article.
   Where the news model has read the article, `learned` has its spans and probabilities, `election` puts
   them to the vote with the rules' names, and `votes` counts.
3. `clusters` puts together the names that mean the same; `role_binder` gives people their offices.
4. `coreference` finds `he` and `the secretary of state`, `nominals` finds `the union`.
"""
