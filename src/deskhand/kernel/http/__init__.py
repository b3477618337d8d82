"""What we add to Litestar: door, gate, routes, wire, HAL, paging and the error table."""
