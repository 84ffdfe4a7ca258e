"""What runs inside a sandbox: scripts that stand alone, because the grader is not there to be imported."""
