"""The pure part: arrays and frozen values in, frozen values out; no clock, no files, no network."""
