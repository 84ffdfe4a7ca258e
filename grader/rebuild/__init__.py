"""Stage 2, rebuild: a submission becomes a notebook that is trusted in all but its answers."""
