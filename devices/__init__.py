"""Bridges from wearables to Lab Streaming Layer, and emulated wearables."""

__distribution__ = "attune-monitor"
