"""Pictures on matplotlib: ``MixtureDisplay`` and ``SelectionDisplay``, in the manner of scikit-learn's displays.

matplotlib is imported when something is drawn, and only then.
"""

from ._display import MixtureDisplay
from ._selection import SelectionDisplay

__all__ = ["MixtureDisplay", "SelectionDisplay"]
