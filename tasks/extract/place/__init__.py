"""Where: the toponyms of an article, and which place each stands for.

`component` is `copydesk.places`. `gazetteer` looks names up in `config/gazetteer/`; `mentions` scans the text
for them; `cues` says, by the `signs` around it, whether a name is a place where it stands; `resolve` says
which place, by the `evidence` of the others, and which countries the article is mainly about. `lists` reads
names in a row. `spans` holds what they share: words, spans of entities, word lists.
"""
