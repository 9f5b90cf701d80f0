"""Who may do what: edges that come by events, and one pure decision over them (J-2)."""

from shared.access.bindings import DELEGATION, IDENTITY, register_bindings, register_trust
from shared.access.cutoffs import (
    CUT_OFF,
    cut_off,
    cut_off_all,
    is_cut_off,
    purge_cutoffs,
    register_cutoffs,
    token_cutoff_table,
)
from shared.access.decision import Action, Decision, Object, Rule, decide
from shared.access.edges import Edge, EdgeState, Relation
from shared.access.released import create_access_v1
from shared.access.store import access_table, edge_from, edge_of, edges_for, edges_of, end_edge, record_edge

__all__ = [
    "CUT_OFF",
    "DELEGATION",
    "IDENTITY",
    "Action",
    "Decision",
    "Edge",
    "EdgeState",
    "Object",
    "Relation",
    "Rule",
    "access_table",
    "create_access_v1",
    "cut_off",
    "cut_off_all",
    "decide",
    "edge_from",
    "edge_of",
    "edges_for",
    "edges_of",
    "end_edge",
    "is_cut_off",
    "purge_cutoffs",
    "record_edge",
    "register_bindings",
    "register_cutoffs",
    "register_trust",
    "token_cutoff_table",
]
