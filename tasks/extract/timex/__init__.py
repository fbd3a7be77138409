"""When: expressions of time as TIMEX3, resolved against the article's own date.

`component` is `copydesk.timexes`. The way of an expression:

1. `tokens` cuts a block into words, runs of digits and marks.
2. `expressions` tries the rules at each token, and the longest match wins. The rules, by what they read:
   `dates` (explicit), `relative` (`last week`), `quantities` (durations, `two days ago`), `clock`, `sets`
   (`every day`), `ranges`. They share `words` (from `config/extract/timexes.toml`) and `numerals`.
3. What they find are `forms`: what the expression says, not yet which day.
4. `resolve` makes values of them, against `anchor` (the article's date) or the date told last; `open_dates`
   picks the year or week that is meant, with the help of `tense`.

`calendar` holds points of time at a granularity, and how they shift.
"""
