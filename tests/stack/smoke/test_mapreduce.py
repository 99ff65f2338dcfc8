"""Hadoop Streaming on YARN with the project's own mapper and reducer."""

import csv
import hashlib
import os
import random
from collections import defaultdict
from pathlib import Path

import pytest
from conftest import run

pytestmark = pytest.mark.stack
