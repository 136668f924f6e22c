"""Reading: from a document's bytes to articles, in a process of its own that a hostile document may kill."""
