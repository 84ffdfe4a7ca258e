"""What the pictures stand on: values, panels and scenes in Python, and the one ES module that draws them."""
