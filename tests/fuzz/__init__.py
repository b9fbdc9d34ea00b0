"""Harmed files: python -m tests.fuzz --count 2000 --seed 1"""
