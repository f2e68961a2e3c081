"""Imported by every interpreter of a rehearsal at its start, whatever settings it takes."""

import importlib.util
import os
import sys
from importlib.machinery import PathFinder

import parom_trial_guard

parom_trial_guard.stand()


def make_way(name, own):
    """Run the module that would have been found without this one."""
    others = [one for one in sys.path if os.path.realpath(one or ".") != own]
    found = PathFinder.find_spec(name, others)
    if found is not None and found.loader is not None:
        found.loader.exec_module(importlib.util.module_from_spec(found))


make_way("sitecustomize", os.path.dirname(os.path.realpath(__file__)))
