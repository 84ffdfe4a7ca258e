"""Stage 3, execute: a rebuilt notebook runs in a sandbox, and what its answers returned is collected."""
