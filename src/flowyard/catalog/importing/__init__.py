"""Models from elsewhere: what a source has, which of its files are taken, and the card that is made of what they say."""
