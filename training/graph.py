"""The trained network as an ONNX graph, written node by node: in fp32, or with 8-bit weights.

Weights are quantized symmetrically, one scale for each output column (for each row of the piece table).
Activations are quantized inside the graph, one scale for a tensor, which here is one window of one article:
so a window's scores depend on nothing else (`dynamic`). With `static` the scale was found beforehand, on
windows that `export` chose. Weights use 7 of the 8 bits, because the 8-bit products of older x86 processors
saturate (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.model import Shape

MICROSOFT = "com.microsoft"
OPSET = 17
LAYER_NORM_EPSILON = 1e-12
Weights = dict[str, "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How numbers are kept. `ranges`: lowest and highest input of each linear layer, for `static`."""

    kind: Literal["fp32", "dynamic", "static"] = "dynamic"
    bits: int = 7
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """The largest step of a weight: 63 for 7 bits, 127 for 8."""
        return int(2 ** (self.bits - 1)) - 1


def quantized(
    matrix: NDArray[np.float32], axis: int, steps: int
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric steps and scales; the largest value along `axis` is `steps` steps."""
    largest = np.abs(matrix).max(axis=axis, keepdims=True)
    scale = (np.maximum(largest, 1e-8) / steps).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


class Graph:
    """A graph under construction: constants and nodes, in the order they are written."""

    def __init__(self, weights: Weights, arithmetic: Arithmetic) -> None:
        self.weights, self.arithmetic = weights, arithmetic
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._count = 0

    def constant(self, name: str, value: NDArray) -> str:
        """Store `value` under `name`."""
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def node(
        self, kind: str, *inputs: str, domain: str = "", out: str | None = None, **options: object
    ) -> str:
        """Write a node with one output; its output's name."""
        self._count += 1
        name = out or f"{kind.lower()}_{self._count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name, domain=domain, **options))
        return name

    @property
    def integers(self) -> bool:
        """Whether the large products are made with integers."""
        return self.arithmetic.kind != "fp32"

    def linear(self, hidden: str, name: str, *, bias: bool = True, exact: bool = False) -> str:
        """Return hidden @ weight.T (+ bias); torch keeps [out, in]. `exact`: in fp32, whatever the rest."""
        weight = np.ascontiguousarray(self.weights[f"{name}.weight"].T)
        if exact or not self.integers:
            product = self.node("MatMul", hidden, self.constant(f"{name}.weight", weight))
            if not bias:
                return product
            return self.node("Add", product, self.constant(f"{name}.bias", self.weights[f"{name}.bias"]))
        steps, scale = quantized(weight, 0, self.arithmetic.steps)
        kept = self.constant(f"{name}.steps", steps)
        scales = self.constant(f"{name}.scale", scale.reshape(-1))
        zero = self.constant(f"{name}.zero", np.zeros(weight.shape[1], dtype=np.int8))
        last = [self.constant(f"{name}.bias", self.weights[f"{name}.bias"])] if bias else []
        if self.arithmetic.kind == "dynamic":
            return self.node("DynamicQuantizeMatMul", hidden, kept, scales, zero, *last, domain=MICROSOFT)
        low, high = self.arithmetic.ranges[name]
        step = max(high - low, 1e-8) / 255
        in_scale = self.constant(f"{name}.in_scale", np.array(step, dtype=np.float32))
        in_zero = self.constant(f"{name}.in_zero", np.array(round(-low / step), dtype=np.uint8))
        rounded = self.node("QuantizeLinear", hidden, in_scale, in_zero)
        return self.node(
            "MatMulIntegerToFloat", rounded, kept, in_scale, scales, in_zero, zero, *last, domain=MICROSOFT
        )

    def norm(self, name: str, hidden: str, residual: str | None = None) -> str:
        """Layer norm of `hidden`, or of `hidden + residual`."""
        scale, bias = (
            self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias")
        )
        if residual is not None:  # onnxruntime's fused operator takes ten times as long on a processor
            hidden = self.node("Add", hidden, residual)
        return self.node("LayerNormalization", hidden, scale, bias, epsilon=LAYER_NORM_EPSILON)

    def rows_of_pieces(self, pieces: str) -> str:
        """The piece table's rows, from one signed byte a number and one scale a row."""
        table = self.weights["encoder.pieces.weight"]
        if not self.integers:
            return self.node("Gather", self.constant("pieces.table", table), pieces)
        steps, scale = quantized(table, 1, 127)
        rows = self.node("Gather", self.constant("pieces.steps", steps), pieces)
        scales = self.node("Gather", self.constant("pieces.scale", scale), pieces)
        return self.node("Mul", self.node("Cast", rows, to=TensorProto.FLOAT), scales)


def _embed(graph: Graph, limit: int) -> str:
    pieces = graph.rows_of_pieces("pieces")
    features = graph.node(
        "Gather", graph.constant("features.table", graph.weights["encoder.features.weight"]), "features"
    )
    positions = graph.constant("positions.table", graph.weights["encoder.positions.weight"][:limit])
    length = graph.node("Shape", "pieces")
    start = graph.constant("zero", np.array([0], dtype=np.int64))
    here = graph.node("Slice", positions, start, length, start)
    total = graph.node("Add", graph.node("Add", pieces, here), features)
    return graph.node("Unsqueeze", graph.norm("encoder.norm", total), start)


def _layer(graph: Graph, hidden: str, index: int, shape: Shape) -> str:
    name = f"encoder.layers.{index}"
    weight, bias = graph.weights[f"{name}.qkv.weight"], graph.weights[f"{name}.qkv.bias"]
    parts = []
    for place, part in enumerate(("query", "key", "value")):
        rows = slice(place * shape.width, (place + 1) * shape.width)
        graph.weights[f"{name}.{part}.weight"], graph.weights[f"{name}.{part}.bias"] = (
            weight[rows],
            bias[rows],
        )
    if graph.integers:  # one product for all three: its input is quantized once
        joined = graph.linear(hidden, f"{name}.qkv")
        sizes = graph.constant(f"{name}.sizes", np.array([shape.width] * 3, dtype=np.int64))
        outputs = [f"{name}.{part}" for part in ("query", "key", "value")]
        graph.nodes.append(helper.make_node("Split", [joined, sizes], outputs, f"{name}.split", axis=2))
        parts = outputs
    else:
        parts = [graph.linear(hidden, f"{name}.{part}") for part in ("query", "key", "value")]
    mixed = graph.node("MultiHeadAttention", *parts, domain=MICROSOFT, num_heads=shape.heads)
    hidden = graph.norm(f"{name}.norm", graph.linear(mixed, f"{name}.out"), hidden)
    up = graph.linear(hidden, f"{name}.up", bias=False)
    inner = graph.node(
        "BiasGelu", up, graph.constant(f"{name}.up.bias", graph.weights[f"{name}.up.bias"]), domain=MICROSOFT
    )
    return graph.norm(f"{name}.last_norm", graph.linear(inner, f"{name}.down"), hidden)


def build(
    weights: Weights, shape: Shape, heads: tuple[list[str], list[str]], limit: int, arithmetic: Arithmetic
) -> onnx.ModelProto:
    """The whole graph. `heads`: names of the flat and the deep heads, in the order of the score columns.

    In: `pieces` and `features` int64 [n], `words` int64 [1 + w]; out: `scores` float32 [1 + w, columns].
    """
    flat, deep = heads
    graph = Graph(dict(weights), arithmetic)
    hidden = _embed(graph, limit)
    for index in range(shape.layers):
        hidden = _layer(graph, hidden, index, shape)
    flat_hidden = graph.node("Squeeze", hidden, "zero")
    rows = graph.node("Gather", flat_hidden, "words")
    for part in ("weight", "bias"):
        graph.weights[f"flat.{part}"] = np.concatenate([weights[f"flat.{name}.{part}"] for name in flat])
        graph.weights[f"deep.{part}"] = np.concatenate([weights[f"deep.{name}.0.{part}"] for name in deep])
    scores = [graph.linear(rows, "flat", exact=True)]  # the last layers are small and decide
    first = graph.linear(rows, "deep", bias=False)
    first = graph.node(
        "BiasGelu", first, graph.constant("deep.first.bias", graph.weights["deep.bias"]), domain=MICROSOFT
    )
    sizes = [weights[f"deep.{name}.0.weight"].shape[0] for name in deep]
    outputs = [f"deep.{name}.inner" for name in deep]
    split = graph.constant("deep.sizes", np.array(sizes, dtype=np.int64))
    graph.nodes.append(helper.make_node("Split", [first, split], outputs, "deep.split", axis=1))
    for name, inner in zip(deep, outputs, strict=True):
        scores.append(graph.linear(inner, f"deep.{name}.3", exact=True))
    graph.node("Concat", *scores, out="scores", axis=1)
    columns = sum(weights[f"flat.{name}.bias"].shape[0] for name in flat) + sum(
        weights[f"deep.{name}.3.bias"].shape[0] for name in deep
    )
    integers = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [size])
        for name, size in (("pieces", "n"), ("features", "n"), ("words", "w"))
    ]
    output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["w", columns])
    made = helper.make_graph(graph.nodes, "news", integers, [output], graph.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, producer_name="copydesk", ir_version=9)
