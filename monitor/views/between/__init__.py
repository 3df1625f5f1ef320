"""What lies between two people: synchrony beside its chance level."""
