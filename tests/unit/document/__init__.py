"""Feed documents of every format: decoding, parsing, dates, damaged and hostile XML."""
