"""Work that runs beside the requests, each in a thread of its own."""
