"""A private PostGIS for one checkout, so that nobody has to set one up.

It listens on a unix socket in a directory of mode 0700 and nowhere else: it can neither clash with a
server that is already on the machine nor be reached by other accounts. See decision record 0006.
"""

from geo.store.embedded.account import Account, server_account
from geo.store.embedded.cluster import Cluster, Role
from geo.store.embedded.programs import Programs, get_programs
from geo.store.embedded.server import EmbeddedServer, ServerStatus

__all__ = [
    "Account",
    "Cluster",
    "EmbeddedServer",
    "Programs",
    "Role",
    "ServerStatus",
    "get_programs",
    "server_account",
]
