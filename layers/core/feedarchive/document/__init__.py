"""Feed documents: from the bytes that a server sent to entries, for RSS, RDF, Atom and JSON Feed."""
