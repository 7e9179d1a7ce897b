"""The container images: what is in each, how large it may be, and the generated Dockerfiles."""
