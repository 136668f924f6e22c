"""Deploy the stack to an AWS account with a few questions (`make deploy`), and check that it works (`make smoke`)."""
