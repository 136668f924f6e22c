"""Store the pictures and enclosures of articles.

Each file is fetched once. It is stored as an object whose key is the hash of its bytes. A list of media
(``….media.json``) beside the article says which objects belong to the article.
"""
