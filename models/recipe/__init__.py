"""How Lull's ear is made: from packages of voices and a Korean model to a Vosk model folder that hears
English.

Development only. Nothing of the product imports this package. Start with ``python -m recipe --help``.
"""
