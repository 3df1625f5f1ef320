"""The screens of a guided calibration, in a window or a terminal."""
