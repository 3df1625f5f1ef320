"""Streams of Lab Streaming Layer, in and out."""
