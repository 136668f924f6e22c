"""The contract of a store and of ``update``, tested with a folder and with S3."""
