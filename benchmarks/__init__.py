"""Quality and speed, measured: every module takes `--json` and prints a table otherwise."""
