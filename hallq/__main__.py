"""`python -m hallq` is the `hallq` command."""

from hallq.cli import main

main()
