project = "nexuslic"
author = "The nexuslic authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "nexuslic"
exclude_patterns = ["_build"]
