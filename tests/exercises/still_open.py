"""What `test_lint` finds today and nobody has mended yet: (rule, exercise), and who mends it. It may only shrink."""

OPEN: dict[tuple[str, str], str] = {}
