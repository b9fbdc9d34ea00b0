"""A trained network on a page: what is drawn goes through it, stroke by stroke."""
