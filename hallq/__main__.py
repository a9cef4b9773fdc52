"""`python -m hallq` is the `hallq` command."""

from hallq.cli.main import main

main()
