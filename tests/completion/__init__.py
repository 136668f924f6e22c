"""Full texts and pictures of archived articles: jobs, and the runs that do them."""
