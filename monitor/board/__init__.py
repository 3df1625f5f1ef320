"""The latest results, and the pipe on which a window reads them: no Qt, bounded memory."""
