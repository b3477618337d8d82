"""What every room stands on: transactions, events, jobs, errors, storage and HTTP. No noun of the product lives here."""
