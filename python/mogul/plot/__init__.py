"""Pictures of mixtures on matplotlib: ``MixtureDisplay``, in the manner of scikit-learn's displays.

matplotlib is imported when something is drawn, and only then.
"""

from ._display import MixtureDisplay

__all__ = ["MixtureDisplay"]
