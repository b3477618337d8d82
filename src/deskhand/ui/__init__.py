"""The pages of the inbox. So far their static files, which the sign-in pages use too."""
