"""How good the annotations are, against corpora that other people annotated.

    python -m benchmarks.quality AREA --data DIR

One module an area; each has `measure(options) -> Figures`. What is exact, what is overlap and how labels
are treated stands in the docstring of the area's module and in `benchmarks/README.md`. Nothing is trained
here and no corpus travels with the project: DIR is a folder in the format that `corpora` describes.
"""
