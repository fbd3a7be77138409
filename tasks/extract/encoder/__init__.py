"""The news model: one pass of an encoder over the article, and the spaCy components that read its scores.

- `pieces`, `windows`, `doc_words`  from a doc's words to what the encoder reads
- `model`, `encoded`                the model's files and session; its scores, kept for the components
- `component.py`                    `copydesk.encoder`, which the others need before them
- `spans`, `entities.py`            well-formed spans out of tags; `copydesk.entities`
- `trees`, `lemmas`, `syntax.py`    trees out of heads, lemmas out of edit scripts; `copydesk.syntax`
- `links`, `attribution.py`         contents and whose they are; `copydesk.attribution`
- `span_groups`                     how spans, probabilities and links lie in `doc.spans`
- `other_pipeline`                  another spaCy pipeline in its place

How a model is made is told in `training/`.
"""
