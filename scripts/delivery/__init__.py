"""From a release file to a verified deployment and back; needs nothing but Python, Helm and kubectl."""
