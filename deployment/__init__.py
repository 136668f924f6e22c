"""Deploy the stack to an AWS account with a few questions (`make deploy`), and look whether it works (`make smoke`)."""
