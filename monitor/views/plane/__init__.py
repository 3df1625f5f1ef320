"""The plane of vagal and electrodermal scores."""
