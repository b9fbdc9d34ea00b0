"""What is drawn: a picture a file."""
