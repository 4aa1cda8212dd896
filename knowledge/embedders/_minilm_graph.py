"""The BERT encoder of MiniLM as an ONNX graph, made from its weights and quantised to int8."""

import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

LAYERS = 6
HEADS = 12
HIDDEN = 384
EPSILON = 1e-12
OPSET = 20  # the first with Gelu
IR_VERSION = 9


class _Graph:
    """Nodes and constants in the order in which they are added; every method returns the name of its output."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._weights = weights

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weight(self, name: str, *, transpose: bool = False) -> str:
        values = self._weights[name].astype(np.float32)
        return self.constant(name, values.T if transpose else values)

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def dense(self, states: str, prefix: str) -> str:
        product = self.node("MatMul", states, self.weight(f"{prefix}.weight", transpose=True))
        return self.node("Add", product, self.weight(f"{prefix}.bias"))

    def layer_norm(self, states: str, prefix: str) -> str:
        scale, bias = self.weight(f"{prefix}.weight"), self.weight(f"{prefix}.bias")
        return self.node("LayerNormalization", states, scale, bias, axis=-1, epsilon=EPSILON)


def _embeddings(graph: _Graph) -> str:
    words = graph.node("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    # Slice bounds must be 1-D: a scalar start breaks onnxruntime's fusion.
    length = graph.node("Shape", "input_ids", start=1, end=2)
    start = graph.constant("zero", np.array([0], dtype=np.int64))
    positions = graph.node("Slice", graph.weight("embeddings.position_embeddings.weight"), start, length, start)
    types = graph.constant("token_type", graph._weights["embeddings.token_type_embeddings.weight"][0])
    summed = graph.node("Add", graph.node("Add", words, positions), types)
    return graph.layer_norm(summed, "embeddings.LayerNorm")


def _attention_bias(graph: _Graph) -> str:
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    axes = graph.constant("mask_axes", np.array([1, 2], dtype=np.int64))
    absent = graph.node("Sub", graph.constant("one", np.array(1.0, dtype=np.float32)), mask)
    lowest = graph.constant("lowest", np.array(-10000.0, dtype=np.float32))
    return graph.node("Mul", graph.node("Unsqueeze", absent, axes), lowest)


def _layer(graph: _Graph, states: str, bias: str, layer: int) -> str:
    prefix = f"encoder.layer.{layer}"

    def heads(part: str, order: list[int]) -> str:
        split = graph.node("Reshape", graph.dense(states, f"{prefix}.attention.self.{part}"), "head_shape")
        return graph.node("Transpose", split, perm=order)

    query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    scores = graph.node("Div", graph.node("MatMul", query, key), "head_root")
    weights = graph.node("Softmax", graph.node("Add", scores, bias), axis=-1)
    context = graph.node("Transpose", graph.node("MatMul", weights, value), perm=[0, 2, 1, 3])
    merged = graph.node("Reshape", context, "hidden_shape")
    attended = graph.node("Add", graph.dense(merged, f"{prefix}.attention.output.dense"), states)
    attended = graph.layer_norm(attended, f"{prefix}.attention.output.LayerNorm")
    inner = graph.node("Gelu", graph.dense(attended, f"{prefix}.intermediate.dense"))
    outer = graph.node("Add", graph.dense(inner, f"{prefix}.output.dense"), attended)
    return graph.layer_norm(outer, f"{prefix}.output.LayerNorm")


def build_graph(weights: dict[str, NDArray[np.float32]]) -> ModelProto:
    """The float32 encoder: input_ids and attention_mask (batch, tokens) to states (batch, tokens, 384)."""
    graph = _Graph(weights)
    graph.constant("head_shape", np.array([0, 0, HEADS, HIDDEN // HEADS], dtype=np.int64))
    graph.constant("hidden_shape", np.array([0, 0, HIDDEN], dtype=np.int64))
    graph.constant("head_root", np.array((HIDDEN // HEADS) ** 0.5, dtype=np.float32))
    states, bias = _embeddings(graph), _attention_bias(graph)
    for layer in range(LAYERS):
        states = _layer(graph, states, bias, layer)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info(states, TensorProto.FLOAT, ["batch", "tokens", HIDDEN])
    body = helper.make_graph(graph.nodes, "minilm", inputs, [output], graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    checker.check_model(model)
    return model


def write_quantised_graph(weights_path: Path, graph_path: Path) -> None:
    """Write the int8 graph; another process sees either no file or the whole one."""
    model = build_graph(load_file(weights_path))
    with tempfile.TemporaryDirectory(dir=graph_path.parent, prefix=".minilm-") as folder:
        unfinished = Path(folder) / graph_path.name
        # The library's advice to pre-process goes to the root logger; it changes nothing for this graph.
        logging.getLogger().addFilter(_is_not_advice)
        try:
            # One scale a channel: cosine with float32 0.995 on short texts, against 0.96 with one a matrix.
            quantize_dynamic(model, unfinished, weight_type=QuantType.QInt8, per_channel=True)
        finally:
            logging.getLogger().removeFilter(_is_not_advice)
        unfinished.replace(graph_path)


def _is_not_advice(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()
