"""Runs a graph of Rasa's one node after the other: a chain of components has no use for a scheduler."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class SequentialGraphRunner(GraphRunner):
    """The nodes, loaded once, in an order that gives each what it needs."""

    def __init__(self, needs: Dict[Text, List[Text]], nodes: Dict[Text, GraphNode]) -> None:
        self._needs, self._nodes = needs, nodes
        self._order = [name for name in TopologicalSorter(needs).static_order() if name in nodes]

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: Optional[List[GraphNodeHook]] = None,
    ) -> SequentialGraphRunner:
        """`hooks` are not called: Rasa's own fill a cache and a log that nobody reads."""
        return cls(
            {name: list(node.needs.values()) for name, node in graph_schema.nodes.items()},
            {
                name: GraphNode.from_schema_node(name, node, model_storage, execution_context)
                for name, node in graph_schema.nodes.items()
            },
        )

    def run(
        self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None
    ) -> Dict[Text, Any]:
        """Runs all nodes; gives the output of the targets, of all when none is named."""
        outputs = dict(inputs or {})
        for name in self._order:
            _, outputs[name] = self._nodes[name](*((need, outputs[need]) for need in self._needs[name]))
        return {name: outputs[name] for name in targets or self._order}
