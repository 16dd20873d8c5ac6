"""Runs an exported ResNet in PyTorch from its ONNX file, to check that the file computes the same as the trained network."""
import onnx
import onnx.numpy_helper
import torch
import torch.nn.functional as F
from torch import nn


class OnnxNetwork(nn.Module):
    """A network with the operators of a classification ResNet. Other operators are refused. It returns `logits` (the first output)."""

    def __init__(self, path):
        super().__init__()
        try:
            self.graph = onnx.load(str(path)).graph
        except Exception as error:  # both protobuf's DecodeError and missing files
            raise SystemExit(f"{path} cannot be read as ONNX: {error}")
        self.constants = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in self.graph.initializer}
        self.classes = self.constants[self.graph.node[-1].input[1]].shape[0] if self.graph.node[-1].op_type == "Gemm" else None

    def forward(self, x):
        values = dict(self.constants)
        values[next(i.name for i in self.graph.input if i.name not in values)] = x
        for node in self.graph.node:
            a = {p.name: onnx.helper.get_attribute_value(p) for p in node.attribute}
            values[node.output[0]] = self.run(node.op_type, [values[name] for name in node.input], a, node.name)
        return values[self.graph.output[0].name]

    @staticmethod
    def run(kind, inputs, a, name):
        """Runs one operator."""
        x = inputs[0]
        if kind in ("Conv", "MaxPool"):
            pads = a.get("pads", [0, 0, 0, 0])
            if pads[:2] != pads[2:]:
                raise SystemExit(f"{name}: uneven padding {pads} is not supported.")
        if kind == "Conv":
            return F.conv2d(x, inputs[1], inputs[2] if len(inputs) > 2 else None, a["strides"], pads[:2])
        if kind == "BatchNormalization":
            return F.batch_norm(x, inputs[3], inputs[4], inputs[1], inputs[2], eps=a.get("epsilon", 1e-5))
        if kind == "Relu":
            return x.relu()
        if kind == "MaxPool":
            return F.max_pool2d(x, a["kernel_shape"], a["strides"], pads[:2])
        if kind == "Add":
            return x + inputs[1]
        if kind == "GlobalAveragePool":
            return x.mean(dim=(2, 3), keepdim=True)
        if kind == "Flatten":
            return x.flatten(1)
        if kind == "Gemm":
            return F.linear(x, inputs[1] if a.get("transB") else inputs[1].t(), inputs[2])
        if kind == "Identity":
            return x
        raise SystemExit(f"{name or kind}: operator {kind} is not an operator of a classification ResNet.")
