"""Geometric changes of images, composed and made by one interpolation."""
