"""The browser's folder: fetch its assets, build it, serve it."""
