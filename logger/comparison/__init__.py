"""Runs side by side: tables, a picture and a page made of their files."""
