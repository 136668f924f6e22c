"""The Lambda functions against a local S3, SQS and SNS, and the template and the layer's lock file."""
