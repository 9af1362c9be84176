"""The pure core: no clock, disk, network, log or settings."""
