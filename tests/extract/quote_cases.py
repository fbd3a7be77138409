# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Short invented articles and every quote in them, by what is hard about each."""

from __future__ import annotations

# kind, segments, speaker's entity, cue
Row = tuple[str, list[str], str | None, str | None]

BERG, ROTH, VELT = "Ilka Berg", "Paul Roth", "Jan Velt"

BROKEN_MARKS: list[tuple[str, list[Row]]] = [
    ("”We leave at dawn,” Ilka Berg said.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    ("“We leave at dawn,“ Ilka Berg said.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    ("„We leave at dawn“, said Ilka Berg.", [("direct", ["We leave at dawn"], BERG, "said")]),
    ("«We leave at dawn,» said Ilka Berg.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    ("''We leave at dawn,'' said Ilka Berg.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    ("``We leave at dawn,'' said Ilka Berg.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    ('Ilka Berg said: "We leave at dawn.', [("direct", ["We leave at dawn."], BERG, "said")]),
    (
        "“ We leave at dawn, “ Ilka Berg said. “ The sea is calm. “",
        [("direct", ["We leave at dawn,", "The sea is calm."], BERG, "said")],
    ),
    (
        "Ilka Berg said: “We leave at dawn. “ Paul Roth replied: “I stay here. “",
        [
            ("direct", ["We leave at dawn."], BERG, "said"),
            ("direct", ["I stay here."], ROTH, "replied"),
        ],
    ),
    (
        "‘We leave at dawn,’ Ilka Berg said.",
        [("direct", ["We leave at dawn,"], BERG, "said")],
    ),
    (
        "“The captain told me ‘never again’ and left,” Ilka Berg said.",
        [("direct", ["The captain told me ‘never again’ and left,"], BERG, "said")],
    ),
    (
        "Ilka Berg wrote: “They don’t know the skippers’ rules.”",
        [("direct", ["They don’t know the skippers’ rules."], BERG, "wrote")],
    ),
]

MISSING_MARKS: list[tuple[str, list[Row]]] = [
    ("“We leave at dawn, said Ilka Berg.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    ("We leave at dawn,” Ilka Berg said.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    (
        "Ilka Berg said: “We leave at dawn. The sea is calm.\n\nIt rained all day.",
        [("direct", ["We leave at dawn. The sea is calm."], BERG, "said")],
    ),
    (
        "Ilka Berg said: We leave at dawn.” Nobody came.",
        [("direct", ["We leave at dawn."], BERG, "said")],
    ),
    (
        "Ilka Berg told the crew that it rained. The sea is calm and we stay,” Paul Roth said.",
        [
            ("indirect", ["that it rained"], BERG, "told"),
            ("direct", ["The sea is calm and we stay,"], ROTH, "said"),
        ],
    ),
    (
        "“We leave at dawn, and the crew knows it, Ilka Berg told the Harbour Council on Monday.",
        [("direct", ["We leave at dawn, and the crew knows it,"], BERG, "told")],
    ),
    (
        "“We leave at dawn, and the crew knows it, Ilka Berg said.\n\n“The sea is calm,” she added.",
        [
            ("direct", ["We leave at dawn, and the crew knows it,"], BERG, "said"),
            ("direct", ["The sea is calm,"], BERG, "added"),
        ],
    ),
]

TRANSLATED: list[tuple[str, list[Row]]] = [
    ("“We leave at dawn,” – said Ilka Berg.", [("direct", ["We leave at dawn,"], BERG, "said")]),
    (
        "“We leave at dawn”, – Ilka Berg emphasized.",
        [("direct", ["We leave at dawn"], BERG, "emphasized")],
    ),
    (
        "Ilka Berg noted that the harbour is closed.",
        [("indirect", ["that the harbour is closed"], BERG, "noted")],
    ),
    (
        "As Ilka Berg noted, the harbour is closed.",
        [("indirect", ["the harbour is closed"], BERG, "noted")],
    ),
    (
        "The harbour is closed. Ilka Berg announced this on Sunday.",
        [("indirect", ["The harbour is closed."], BERG, "announced")],
    ),
    (
        "The harbour is closed. This was stated by Ilka Berg.",
        [("indirect", ["The harbour is closed."], BERG, "stated")],
    ),
    (
        "Ilka Berg stressed that “the harbour remains closed”.",
        [("mixed", ["that “the harbour remains closed”"], BERG, "stressed")],
    ),
    (
        "According to Ilka Berg, “the harbour remains closed”.",
        [("mixed", ["“the harbour remains closed”"], BERG, "According to")],
    ),
    (
        "Ilka Berg called on the crews to stay ashore.",
        [("indirect", ["to stay ashore"], BERG, "called on")],
    ),
    (
        "Ilka Berg also added that the crews would stay ashore.",
        [("indirect", ["that the crews would stay ashore"], BERG, "added")],
    ),
]

INTERVIEWS: list[tuple[str, list[Row]]] = [
    (
        (
            "Paul Roth: When do you leave?\n\nIlka Berg: At dawn. The sea is calm.\n\n"
            "Paul Roth: And the crew?\n\nIlka Berg: They stay."
        ),
        [
            ("direct", ["When do you leave?"], ROTH, None),
            ("direct", ["At dawn. The sea is calm."], BERG, None),
            ("direct", ["And the crew?"], ROTH, None),
            ("direct", ["They stay."], BERG, None),
        ],
    ),
    (
        (
            "Ilka Berg sails north.\n\nQ: When do you leave?\n\nA: At dawn.\n\n"
            "Q: And the crew?\n\nA: They stay ashore."
        ),
        [
            ("direct", ["When do you leave?"], None, None),
            ("direct", ["At dawn."], None, None),
            ("direct", ["And the crew?"], None, None),
            ("direct", ["They stay ashore."], None, None),
        ],
    ),
    (
        "Asked about the boats, Ilka Berg said: “They leave at dawn.”",
        [("direct", ["They leave at dawn."], BERG, "said")],
    ),
    (
        "Asked whether the boats would leave, Ilka Berg replied that they would.",
        [("indirect", ["that they would"], BERG, "replied")],
    ),
]

TRANSCRIPTS: list[tuple[str, list[Row]]] = [
    (
        (
            "“ROTH: When do you leave?\n\n“BERG: At dawn, they call it “the cold hour” here.\n\n"
            "“ROTH: And the crew?\n\nPaul Roth met Ilka Berg on the pier."
        ),
        [
            ("direct", ["When do you leave?"], ROTH, None),
            ("direct", ["At dawn, they call it “the cold hour” here."], BERG, None),
            ("direct", ["And the crew?"], ROTH, None),
        ],
    ),
]

PARAGRAPHS: list[tuple[str, list[Row]]] = [
    (
        "Ilka Berg said: “We leave at dawn.\n\n“The sea is calm and the crew is well.\n\n“Nobody stays.”",
        [
            ("direct", ["We leave at dawn."], BERG, "said"),
            ("direct", ["The sea is calm and the crew is well."], BERG, None),
            ("direct", ["Nobody stays."], BERG, None),
        ],
    ),
    (
        "“We leave at dawn,” Ilka Berg said.\n\n“The sea is calm and the crew is well.”",
        [
            ("direct", ["We leave at dawn,"], BERG, "said"),
            ("direct", ["The sea is calm and the crew is well."], BERG, None),
        ],
    ),
    (
        "Ilka Berg told the council:\n\n“We leave at dawn, and the crew leaves with us.”",
        [("direct", ["We leave at dawn, and the crew leaves with us."], BERG, "told")],
    ),
    (
        "“We leave at dawn,” Ilka Berg said.\n\n“I stay,” Paul Roth said.",
        [
            ("direct", ["We leave at dawn,"], BERG, "said"),
            ("direct", ["I stay,"], ROTH, "said"),
        ],
    ),
    (
        "“If the wind turns,” Ilka Berg said, “we leave at dawn.” She added: “The crew knows.”",
        [
            ("direct", ["If the wind turns,", "we leave at dawn."], BERG, "said"),
            ("direct", ["The crew knows."], BERG, "added"),
        ],
    ),
]

CHAINS: list[tuple[str, list[Row]]] = [
    (
        "Ilka Berg said that the boats were old, adding that two had sunk.",
        [
            ("indirect", ["that the boats were old"], BERG, "said"),
            ("indirect", ["that two had sunk"], BERG, "adding"),
        ],
    ),
    (
        "Ilka Berg said that the boats were old and warned that two might sink.",
        [
            ("indirect", ["that the boats were old"], BERG, "said"),
            ("indirect", ["that two might sink"], BERG, "warned"),
        ],
    ),
    (
        "Ilka Berg denied that the boats were old, insisting that they were safe.",
        [
            ("indirect", ["that the boats were old"], BERG, "denied"),
            ("indirect", ["that they were safe"], BERG, "insisting"),
        ],
    ),
    (
        "Ilka Berg said the boats were old, while Paul Roth claimed they were safe.",
        [
            ("indirect", ["the boats were old"], BERG, "said"),
            ("indirect", ["they were safe"], ROTH, "claimed"),
        ],
    ),
    (
        "Ilka Berg left early. She said the boats were old.",
        [("indirect", ["the boats were old"], BERG, "said")],
    ),
    (
        "Ilka Berg wrote in a letter that the boats were old.",
        [("indirect", ["that the boats were old"], BERG, "wrote")],
    ),
    (
        "The boats were old, Ilka Berg told reporters on Monday.",
        [("indirect", ["The boats were old"], BERG, "told")],
    ),
    (
        "The boats, according to Ilka Berg, were old.",
        [("indirect", ["The boats", "were old"], BERG, "according to")],
    ),
    (
        "Ilka Berg urged Paul Roth to sell the boats.",
        [("indirect", ["to sell the boats"], BERG, "urged")],
    ),
    (
        "Ilka Berg refused to sell the boats.",
        [("indirect", ["to sell the boats"], BERG, "refused")],
    ),
    (
        "Ilka Berg asked whether the boats were safe.",
        [("indirect", ["whether the boats were safe"], BERG, "asked")],
    ),
    # a content belongs to the nearest of two verbs, once
    (
        "Ilka Berg asked the owners for help and said that the boats were safe.",
        [("indirect", ["that the boats were safe"], BERG, "said")],
    ),
    (
        "The owner told the crew about the plan, and Ilka Berg said that the boats were safe.",
        [("indirect", ["that the boats were safe"], BERG, "said")],
    ),
    (
        "The owner told the crew about the plan and the skipper said that the boats were safe.",
        [("indirect", ["that the boats were safe"], None, "said")],
    ),
    (
        "A source quoted by the press and the radio said that the boats were safe.",
        [("indirect", ["that the boats were safe"], None, "said")],
    ),
    (
        "A man accused of threatening Ilka Berg said that the boats were safe.",
        [("indirect", ["that the boats were safe"], None, "said")],
    ),
    (
        "Skippers questioned about the plan and the costs said that the boats were safe.",
        [("indirect", ["that the boats were safe"], "Skippers", "said")],
    ),
    (
        "Ilka Berg confirmed on Sunday that the boats were old.",
        [("indirect", ["that the boats were old"], BERG, "confirmed")],
    ),
    (
        "Harbour Council officials said that the boats were old.",
        [("indirect", ["that the boats were old"], None, "said")],
    ),
    (
        "The Harbour Council said in a statement that the boats were old.",
        [("indirect", ["that the boats were old"], "Harbour Council", "said")],
    ),
    (
        "Ilka Berg believes that the boats are old.",
        [("indirect", ["that the boats are old"], BERG, "believes")],
    ),
]

MIXED: list[tuple[str, list[Row]]] = [
    (
        "Ilka Berg said the boats were “far too old” for the north.",
        [("mixed", ["the boats were “far too old” for the north"], BERG, "said")],
    ),
    (
        "Ilka Berg called the boats “a disgrace”.",
        [("mixed", ["the boats “a disgrace”"], BERG, "called")],
    ),
    (
        "Ilka Berg warned that “two boats may sink”, adding that the crews knew.",
        [
            ("mixed", ["that “two boats may sink”"], BERG, "warned"),
            ("indirect", ["that the crews knew"], BERG, "adding"),
        ],
    ),
]

NOBODY: list[tuple[str, list[Row]]] = [
    ("The “Northern Star” sank in the bay.", []),
    ("Sailors call the rock “the tooth”.", []),
    ("It is said that the boats were old.", []),
    ("The boats were said to be old.", []),
    ("Ilka Berg sang “The Long Night” on deck.", []),
    ("Paul “Skip” Roth left the port.", []),
    ("The so-called “safe” harbour was closed.", []),
    # titles: a headline by itself, a book
    ("It rained.\n\n‘The Boats Are Old’\n\nNobody came.", []),
    ("It rained.\n\n‘Legends of the Sea.’\n\nNobody came.", []),
    ("In her new book, “The Boats Left Behind,” she tells of Kalmar.", []),
    ("Ilka Berg wrote a song titled “We Leave at Dawn, My Love” for the crew.", []),
]

CLAUSES: list[tuple[str, list[Row]]] = [
    # a name with brackets and appositions between quote and verb
    (
        "“We leave at dawn,” Ilka Berg (Kalmar), a skipper from the north, one of the owners, said.",
        [("direct", ["We leave at dawn,"], BERG, "said")],
    ),
    (
        "“We leave at dawn,” Ilka Berg, head of the crew that wants to sail, said of the boats. “I stay.”",
        [("direct", ["We leave at dawn,", "I stay."], BERG, "said")],
    ),
    (
        "Ilka Berg -- who came by train, alone -- said, “We leave at dawn.”",
        [("direct", ["We leave at dawn."], BERG, "said")],
    ),
    (
        "“Who leaves at dawn?” Ilka Berg, a skipper from the north, asked.",
        [("direct", ["Who leaves at dawn?"], BERG, "asked")],
    ),
    # a nickname is no other quote
    (
        "“We leave at dawn,” Paul “Skip” Roth said.",
        [("direct", ["We leave at dawn,"], ROTH, "said")],
    ),
    # the subject of `saying` opens the sentence, or stands right before it
    (
        "In a letter to the crew, Ilka Berg mocked the boats, writing, “We leave at dawn.”",
        [("direct", ["We leave at dawn."], BERG, "writing")],
    ),
    (
        "The film shows Ilka Berg saying, “We leave at dawn.”",
        [("direct", ["We leave at dawn."], BERG, "saying")],
    ),
    (
        "Crews met at the pier while chanting, “We leave at dawn.”",
        [("direct", ["We leave at dawn."], None, "chanting")],
    ),
    (
        "Ilka Berg named no boat, but told the crew, “We leave at dawn.”",
        [("direct", ["We leave at dawn."], BERG, "told")],
    ),
    # nouns of saying with a colon
    (
        "Ilka Berg made the following statement:\n\n“We leave at dawn, all of us.”",
        [("direct", ["We leave at dawn, all of us."], BERG, None)],
    ),
    (
        "The council published a statement by Ilka Berg: “We leave at dawn.”",
        [("direct", ["We leave at dawn."], BERG, None)],
    ),
    # according to
    (
        "“We leave at dawn,” according to Ilka Berg.",
        [("direct", ["We leave at dawn,"], BERG, "according to")],
    ),
    (
        "According to Ilka Berg, “[W]e leave at dawn. The sea is calm.”",
        [("direct", ["[W]e leave at dawn. The sea is calm."], BERG, "According to")],
    ),
    # what stands between two quotes of one paragraph
    (
        "“We leave at dawn,” Ilka Berg said. She named no boat. “The crew knows it well.”",
        [("direct", ["We leave at dawn,", "The crew knows it well."], BERG, "said")],
    ),
    (
        "“We leave at dawn,” Ilka Berg said. Paul Roth said he would stay. “The crew knows it well.”",
        [
            ("direct", ["We leave at dawn,"], BERG, "said"),
            ("indirect", ["he would stay"], ROTH, "said"),
            ("direct", ["The crew knows it well."], ROTH, None),
        ],
    ),
    (
        "“We leave at dawn,” she said, but “when the wind turns we stay here.” Ilka Berg left.",
        [("direct", ["We leave at dawn,", "when the wind turns we stay here."], None, "said")],
    ),
    # the whole sentence is said, not what stands between the marks
    (
        "When the wind turned, Ilka Berg said, “we were at sea.”",
        [("mixed", ["When the wind turned", "“we were at sea.”"], BERG, "said")],
    ),
    (
        "Ilka Berg said by letter that, “We leave at dawn” whatever the wind.",
        [("mixed", ["that, “We leave at dawn” whatever the wind"], BERG, "said")],
    ),
    (
        "“Do not go,” the crew cried, until horns were heard. Nobody went.",
        [("direct", ["Do not go,"], None, "cried")],
    ),
    # mixed speech that ends with a comma inside the marks
    (
        "Both crews “saw the north as a place of ice,” said Ilka Berg, who sails. “There was no way back.”",
        [
            ("mixed", ["Both crews “saw the north as a place of ice,”"], BERG, "said"),
            ("direct", ["There was no way back."], BERG, None),
        ],
    ),
    (
        "Ilka Berg said Paul Roth favors a “strange plan.”",
        [("mixed", ["Paul Roth favors a “strange plan.”"], BERG, "said")],
    ),
    # as set under a list of voices
    (
        "“We leave at dawn.” ― Ilka Berg\n“I stay here.” ― Paul Roth",
        [
            ("direct", ["We leave at dawn."], BERG, None),
            ("direct", ["I stay here."], ROTH, None),
        ],
    ),
    # officials often say; the states are no verb
    ("Skippers often say, “We leave at dawn.”", [("direct", ["We leave at dawn."], None, "say")]),
    (
        "“We leave at dawn,” Ilka Berg, of one of the states by the sea, said.",
        [("direct", ["We leave at dawn,"], BERG, "said")],
    ),
]

ALL = [
    *CLAUSES,
    *BROKEN_MARKS,
    *MISSING_MARKS,
    *TRANSLATED,
    *INTERVIEWS,
    *TRANSCRIPTS,
    *PARAGRAPHS,
    *CHAINS,
    *MIXED,
    *NOBODY,
]
