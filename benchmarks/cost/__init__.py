"""Calculate what a month on AWS costs (`make cost`): invocations are measured here and multiplied by AWS's prices."""
