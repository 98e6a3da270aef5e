"""The commands of `codemode`, a room a group: each adds its parsers, and imports what a command needs when it is run."""
