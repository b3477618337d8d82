"""Letters of ours as bytes: headers that nobody can break out of, parts, text made of HTML, templates, signatures."""
