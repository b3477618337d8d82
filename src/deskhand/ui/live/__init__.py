"""Pages that are open: told what changed while somebody looks at them."""
