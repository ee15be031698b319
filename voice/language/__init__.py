"""What can be said: templates to intents, the words the ear listens for now, lint of the narration."""
