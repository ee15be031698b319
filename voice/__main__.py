"""`python -m voice` is `lull`."""

from voice.cli import main

main()
