"""Catalog -> text: stubs, definitions, guide, manifest and policy, each one function that gives `{path: text}`."""
