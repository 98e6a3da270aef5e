"""Tests on real components, and what starts them."""
