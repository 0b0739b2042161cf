"""`python -m groupbot` is the same as `groupbot`."""

from groupbot.cli import main

main()
