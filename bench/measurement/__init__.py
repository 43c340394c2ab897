"""What makes tables and verdicts of the figures that the benchmark programs print."""
