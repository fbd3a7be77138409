"""Who said what: quote marks, direct, mixed and indirect quotes, and their speakers.

Two components. `marks` is `copydesk.quote_marks`: which glyph opens and which closes, as the cheapest path
(`mark_states`) under what the glyphs look like where they stand (`mark_costs`). `component` is
`copydesk.quotes`, a sieve from high to low precision:

1. `direct` finds speech between marks (`titles` are none), `clauses_behind` and `clauses_before` the clause
   that reports it; both share `direct_clauses`.
2. `indirect` finds `S said that C`: `contents` says where C begins, `frames` knows what spans a sentence.
3. `interviews` reads dialogues set without marks.
4. `vote` asks the news model, where it ran: `learned` are its spans, `pairing` says which content belongs to
   which cue and which source, `assembly` makes attributions of them, `segments` and `sources` their words,
   `clauses` whether a rule's clause is the model's, `silence` what the rules found and the model did not.
5. `speakers` finds the entity that the words for a source stand for.

They share `page` (the article's words with masks and mentions, and a quote in the making), `reporting_verbs`
(where verbs of saying stand) and `subjects` (the words beside a verb that name who says it).
"""
