"""The one door: every public question by one name, and the phases that answers rest on.

Commands, tables, pictures and the report ask here, as Python users do.
"""

from .cells import *  # noqa: F403
from .heat import *  # noqa: F403
from .phases import *  # noqa: F403
from .questions import *  # noqa: F403
from .tuning import *  # noqa: F403
