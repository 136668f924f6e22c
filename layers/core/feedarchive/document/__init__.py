"""Parse feed documents (RSS, RDF, Atom, JSON Feed): from the bytes that a server sent to entries."""
