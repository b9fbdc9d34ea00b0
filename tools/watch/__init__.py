"""A page on this machine that lists all runs and searches below a folder, made of their files alone."""
