"""`sam build` and `sam deploy` of the real template to a local AWS, and the deployed stack."""
