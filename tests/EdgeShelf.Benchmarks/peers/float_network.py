#!/usr/bin/python3
"""Writes EdgeShelf's INT8 network as floats, so that other engines can run the same network.

  float_network.py MODEL.int8.onnx network.onnx network.pt

network.onnx is FP32 ONNX for batches of one picture. network.pt is the state dict of torchvision's resnet18. Every weight is the value that its
INT8 code stands for, so both networks have the accuracy of the shipped one. They differ from it only in that activations are not rounded.
"""
import sys

import numpy
import onnx
import torch
import torchvision
from onnx import helper, numpy_helper


def floats(codes, scale, zero_point, axis):
    """Returns the values that quantized codes stand for. Scale and zero point are one number, or one for each index of the axis."""
    shape = [1] * codes.ndim
    if scale.ndim == 1 and codes.ndim:
        shape[axis] = scale.size
    return ((codes.astype(numpy.float32) - zero_point.astype(numpy.float32).reshape(shape)) * scale.reshape(shape)).astype(numpy.float32)


def without_quantization(model):
    """Returns the nodes and weights of the float network. In a quantized network a ReLU is the lower limit of the codes that follow a sum."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights, renamed, producers, nodes = {}, {}, {}, []

    def name(tensor):
        return renamed.get(tensor, tensor)

    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)
            weights[node.output[0]] = floats(*(constants[tensor] for tensor in node.input), axis)
        elif node.op_type == "DequantizeLinear":
            renamed[node.output[0]] = name(node.input[0])
        elif node.op_type == "QuantizeLinear":
            source, zero_point = name(node.input[0]), constants[node.input[2]]
            is_sum = producers.get(source) in ("Conv", "Add")
            if is_sum and zero_point == numpy.iinfo(zero_point.dtype).min:
                nodes.append(helper.make_node("Relu", [source], [source + "/relu"]))
                source += "/relu"
            renamed[node.output[0]] = source
        else:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            copy.input[:] = [name(tensor) for tensor in node.input]
            for attribute in copy.attribute:
                if attribute.type == onnx.AttributeProto.INT:
                    attribute.i = attribute.i  # writes a zero too, without which OpenCV refuses the attribute
            if copy.op_type == "Gemm" and not any(attribute.name == "transB" for attribute in copy.attribute):
                # OpenCV takes the weights only in the order in which PyTorch exports them.
                copy.attribute.append(helper.make_attribute("transB", 1))
                weights[copy.input[1]] = numpy.ascontiguousarray(weights[copy.input[1]].T)
            for tensor in copy.output:
                producers[tensor] = copy.op_type
            nodes.append(copy)
    return nodes, weights


def onnx_network(model, nodes, weights):
    """Returns the float network with the output `logits`. Whatever leads only to other outputs is left out."""
    needed, kept = {"logits"}, []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            kept.insert(0, node)
            needed.update(node.input)
    side = model.graph.input[0].type.tensor_type.shape.dim[2].dim_value
    classes = model.graph.output[0].type.tensor_type.shape.dim[1].dim_value
    graph = helper.make_graph(
        kept, "network",
        [helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, [1, 3, side, side])],
        [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, [1, classes])],
        [numpy_helper.from_array(value, tensor) for tensor, value in weights.items() if tensor in needed])
    made = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(made)
    return made


def torch_name(convolution):
    """Returns PyTorch's name of the layer that exported a convolution, for example layer1.0.conv1 for /layer1/layer1.0/conv1/Conv."""
    scopes = convolution.strip("/").split("/")[:-1]
    return ".".join(scope for scope, inner in zip(scopes, scopes[1:] + [""]) if not inner.startswith(scope + "."))


def state_dict(weights):
    """Returns the state dict of torchvision's resnet18. Its BatchNorm layers only add the bias, because the scale is in the convolutions already."""
    net = torchvision.models.resnet18(num_classes=weights["head.bias"].size)
    state = net.state_dict()
    for name, value in weights.items():
        value = torch.from_numpy(value)
        if name == "head.weight":
            state["fc.weight"] = value
        elif name == "head.bias":
            state["fc.bias"] = value
        elif name.endswith(".weight"):
            state[torch_name(name[:-len(".weight")]) + ".weight"] = value
        else:
            layer = torch_name(name[:-len(".bias")])
            norm = layer[:-1] + "1" if layer.endswith("downsample.0") else layer.replace("conv", "bn")
            epsilon = net.get_submodule(norm).eps
            state.update({f"{norm}.weight": torch.ones_like(value), f"{norm}.bias": value, f"{norm}.running_mean": torch.zeros_like(value),
                          f"{norm}.running_var": torch.full_like(value, 1 - epsilon)})
    net.load_state_dict(state)
    return state


def main():
    """Writes both networks."""
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    model = onnx.load(sys.argv[1])
    nodes, weights = without_quantization(model)
    onnx.save(onnx_network(model, nodes, weights), sys.argv[2])
    torch.save(state_dict(weights), sys.argv[3])


if __name__ == "__main__":
    main()
