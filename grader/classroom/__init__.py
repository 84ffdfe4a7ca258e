"""What belongs to a class: its folder, its list, its limits, its due dates."""
