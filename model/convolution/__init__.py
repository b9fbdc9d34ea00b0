"""How convolutions of images are computed, with no layer around them."""
