"""How the news model was made: prepare the corpora, train, export, evaluate. torch lives only here.

`python -m training --help` lists the steps; README.md beside this file says where the data comes from.
"""
