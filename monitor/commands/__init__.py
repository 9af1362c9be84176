"""The commands of the contract, one module a subject."""
