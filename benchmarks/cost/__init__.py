"""What a month on AWS costs: measured invocations, multiplied by prices (`make cost`)."""
