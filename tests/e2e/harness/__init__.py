"""A real Kubernetes edge, built up and torn down by a test; README.md says how."""
