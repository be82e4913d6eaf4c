"""Those who act in the story of the demo, each through the operations that people use."""
