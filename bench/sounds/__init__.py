"""Sounds of the room at night, all made by numbers, for the bench and for the training of the model."""
