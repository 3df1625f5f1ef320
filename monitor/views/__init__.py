"""Views of the board: a panel for the terminal and a window. They read and change nothing."""
