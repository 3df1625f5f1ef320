"""What wearables say, as values: bytes in, values out, and back. No transport, no clock, no state."""
