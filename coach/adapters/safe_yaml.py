"""The YAML loader for our own files: safe, and in C where this machine has it (ten times faster)."""

from __future__ import annotations

import yaml

SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
