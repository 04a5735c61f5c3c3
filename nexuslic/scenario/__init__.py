"""Stories in YAML: read with positions, run on a stage, judged, reported."""
