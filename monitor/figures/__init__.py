"""Figures on files, drawn by matplotlib without a display; imported only where one is made."""
