"""The class's source: chapters read from `solutions/`, checked, and released to `course/`."""
