"""What is around every face: window, keys, looks, privacy, help, closing."""
