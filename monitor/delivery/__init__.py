"""How channels are told: what waits for each, the message in every form, its way by mail or a service."""

from monitor.delivery.channels import Body, Channel, Topic
from monitor.delivery.outbox import (
    ATOM_FILE,
    METRICS_FILE,
    Delivered,
    Told,
    deliver,
    failure_of,
    open_secrets,
    queue_alerts,
    queue_digest,
)

__all__ = [
    "ATOM_FILE",
    "METRICS_FILE",
    "Body",
    "Channel",
    "Delivered",
    "Told",
    "Topic",
    "deliver",
    "failure_of",
    "open_secrets",
    "queue_alerts",
    "queue_digest",
]
