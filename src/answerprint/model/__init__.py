"""The nouns of a production. Standard library only; every other room may import this one."""
