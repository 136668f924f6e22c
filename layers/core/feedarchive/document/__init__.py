"""Parse feed documents (RSS, RDF, Atom, JSON Feed): turn the bytes that a server sent into entries."""
