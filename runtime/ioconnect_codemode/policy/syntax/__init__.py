"""The visitors of the transformer, by what they translate. `visitor.py` is what all of them stand on."""
