"""Tags: words on conversations, made when first used."""
