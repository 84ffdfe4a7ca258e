"""What `test_lint` finds today and nobody has mended yet: (rule, exercise), and who mends it. It may only shrink."""

OPEN: dict[tuple[str, str], str] = {
    # ---- 02_activations ----
    ("a-float-mask-is-refused", "dead_units"): "diagnose",
    # ---- 05_recurrent ----
    ("a-float-mask-is-refused", "sequence_mask"): "diagnose",
    # ---- 06_optimizers ----
}
