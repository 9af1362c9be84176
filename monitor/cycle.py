"""One round of the main job, read top to bottom: page, document, statements, matches, changes.

What the network gave is stored first and understood second, from the archive; so a fault in
understanding loses nothing, and a run that was cut short is picked up by the next.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
