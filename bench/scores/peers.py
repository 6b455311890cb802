"""The same walk as others do it, in floats: networkx's PageRank, and scipy's sparse product."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from bench.scores.timing import Timed
from ledger.reputation.trust import ONE
from ledger.reputation.walk import Graph

_STEPS = 64
_KEPT = 0.8


def measure(graph: Graph, verified: Any, trust: Any, timed: Timed) -> dict[str, Any]:
    """Seconds of each, and how far at most their ω is from ours."""
    high, low = graph.part
    part = ((high << 30) + low) / ONE
    taker = np.repeat(graph.takers, np.diff([*graph.starts.tolist(), len(graph.giver)]))
    found = {}
    for name, walk in (("scipy", _scipy), ("networkx", _networkx)):
        preparing, ready = timed(f"{name}: graph", partial(walk, graph, taker, part, verified))
        walking, mass = timed(f"{name}: walk", ready)
        omega = np.minimum(1.0, mass / np.median(mass[verified]))
        omega[omega < 0.05] = 0
        differs = np.abs(omega - trust / 1e18)
        # whoever is at the floor may fall on its other side
        found[name] = {
            "graph_seconds": preparing,
            "walk_seconds": walking,
            "omega_off_by": float(differs[(omega > 0) & (trust > 0)].max()),
        }
    return found


def _scipy(graph: Graph, taker: Any, part: Any, verified: Any) -> Callable[[], Any]:
    from scipy.sparse import csr_matrix  # only here: a dependency of the bench alone

    starting = np.zeros(graph.size)
    starting[verified] = 1 / len(verified)
    matrix = csr_matrix((part, (taker, graph.giver)), shape=(graph.size, graph.size))

    def walk() -> Any:
        mass = starting
        for _ in range(_STEPS):
            mass = matrix @ mass
            mass = mass + (1 - mass.sum()) * starting
        return mass

    return walk


def _networkx(graph: Graph, taker: Any, part: Any, verified: Any) -> Callable[[], Any]:
    import networkx as nx  # only here: a dependency of the bench alone

    network = nx.DiGraph()
    network.add_nodes_from(range(graph.size))
    network.add_weighted_edges_from(zip(graph.giver.tolist(), taker.tolist(), part.tolist(), strict=True))
    origins = dict.fromkeys(verified.tolist(), 1.0)

    def walk() -> Any:
        ranks = nx.pagerank(
            network, alpha=_KEPT, personalization=origins, dangling=origins, tol=1e-13, max_iter=1_000
        )
        return np.array([ranks[each] for each in range(graph.size)])

    return walk
