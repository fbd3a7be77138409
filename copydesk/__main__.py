"""`python -m copydesk` is the command line."""

from worker.cli import main

main()
