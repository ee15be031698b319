"""The bench of hearing: what the ear makes of recordings in rooms, in noise, under the guide's voice."""
