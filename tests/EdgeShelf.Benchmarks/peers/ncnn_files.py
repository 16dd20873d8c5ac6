#!/usr/bin/python3
"""Writes EdgeShelf's network as ncnn reads it, once as floats and once in INT8.

  ncnn_files.py MODEL.int8.onnx network.onnx FOLDER

FOLDER gets network.ncnn.param and .bin from network.onnx, which float_network.py wrote, and network-int8.ncnn.param and .bin. The INT8 network has
the codes and scales of the weights of MODEL.int8.onnx. ncnn's activations are symmetric: codes from -127 to 127, and zero is zero. Behind a ReLU only
the positive half of them is used, which leaves 7 of the 8 bits that EdgeShelf's network has.

The file formats are those that ncnn's Net::load_param, ModelBin and Layer::load_param read. The numbers before = are ncnn's numbers of parameters.
"""
import collections
import os
import sys

import numpy
import onnx
from onnx import numpy_helper

PARAM_MAGIC = 7767517
INT8_TAG = 0x000D4B38  # stands before weights that are INT8 codes
FLOAT_TAG = 0
INT8_WEIGHTS = 2  # with a scale for each output channel, and one for the input
REQUANTIZED = 100  # added to it where the output leaves the layer as INT8 codes of the next one's scale
SHAPES = -23330  # parameter 30 as an array: the shapes of the outputs, by which ncnn chooses kernels when it loads the network


def constants(model):
    """Returns the initializers of a model by name."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def attributes(node):
    """Returns the attributes of a node by name."""
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def quantization(model):
    """Returns for each Conv and Gemm by name: the codes of its weights as ONNX stores them, their steps, and the highest magnitude of its input."""
    values = constants(model)
    sources = {node.output[0]: node for node in model.graph.node if node.op_type == "DequantizeLinear"}
    layers = {}
    for node in model.graph.node:
        if node.op_type in ("Conv", "Gemm"):
            activation, weight = sources[node.input[0]], sources[node.input[1]]
            step, zero_point = values[activation.input[1]], values[activation.input[2]]
            codes = numpy.iinfo(zero_point.dtype)
            highest = max(codes.max - int(zero_point), int(zero_point) - codes.min) * float(step)
            layers[node.name] = values[weight.input[0]], values[weight.input[1]], highest
    return layers


def shapes(model):
    """Returns the shapes of all tensors of a model for one picture, as ncnn writes them: dimensions, width, height and channels."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    found = {}
    for tensor in [*graph.input, *graph.value_info, *graph.output]:
        _, channels, *sides = [dimension.dim_value for dimension in tensor.type.tensor_type.shape.dim]
        is_vector = all(side == 1 for side in sides)
        found[tensor.name] = [1, channels, 1, 1] if is_vector else [3, sides[1], sides[0], channels]
    return found


class Writer:
    """Collects ncnn's layers and their weights."""

    def __init__(self, model):
        graph = model.graph
        self.shapes = shapes(model)
        self.uses = collections.Counter(tensor for node in graph.node for tensor in node.input)
        self.copies, self.lines, self.blobs, self.weights = {}, [], 0, []

    def blob(self, tensor):
        """Returns a name under which a layer may read a tensor. In ncnn only one layer reads each blob."""
        return self.copies[tensor].pop() if tensor in self.copies else tensor

    def layer(self, kind, inputs, output, **parameters):
        """Adds a layer. A parameter p4 is ncnn's number 4."""
        shape = self.shapes[output]
        self.append(kind, output, [self.blob(tensor) for tensor in inputs], [output], shape, parameters)
        if self.uses[output] > 1:
            self.copies[output] = [f"{output}/copy{index}" for index in range(self.uses[output])]
            self.append("Split", f"{output}/split", [output], self.copies[output], shape, {})

    def append(self, kind, name, inputs, outputs, shape, parameters):
        """Adds a line of the .param file."""
        numbers = [f"{key[1:]}={value}" for key, value in parameters.items()]
        numbers.append(f"{SHAPES}=" + ",".join(map(str, [len(shape) * len(outputs), *shape * len(outputs)])))
        self.lines.append(" ".join([kind, name, str(len(inputs)), str(len(outputs)), *inputs, *outputs, *numbers]))
        self.blobs += len(outputs)

    def tagged(self, values):
        """Adds weights, which a tag of their type precedes."""
        is_codes = values.dtype == numpy.int8
        data = numpy.ascontiguousarray(values).tobytes()
        self.weights.append(numpy.array(INT8_TAG if is_codes else FLOAT_TAG, "<u4").tobytes() + data + bytes(-len(data) % 4))

    def floats(self, values):
        """Adds a bias or scales."""
        self.weights.append(numpy.asarray(values, "<f4").tobytes())

    def save(self, path):
        """Writes both files."""
        with open(path + ".param", "w", encoding="utf-8") as file:
            print(PARAM_MAGIC, f"{len(self.lines)} {self.blobs}", *self.lines, sep="\n", file=file)
        with open(path + ".bin", "wb") as file:
            file.writelines(self.weights)


def convert(model, quantized):
    """Returns ncnn's layers of a float network of ONNX. With what quantization() returns they are INT8, and without it they are floats."""
    graph, values = model.graph, constants(model)
    readers = {tensor: [node for node in graph.node if tensor in node.input] for node in graph.node for tensor in node.output}
    writer = Writer(model)
    writer.layer("Input", [], graph.input[0].name)
    renamed, joined = {}, set()

    def scales(node, outputs):
        """Adds ncnn's scales of a layer's weights and of its input. They are codes a unit, where those of ONNX are units a code."""
        _, steps, highest = quantized[node.name]
        writer.floats(numpy.broadcast_to(1 / steps, outputs))
        writer.floats(127 / highest)

    for node in graph.node:
        options, inputs, output = attributes(node), [renamed.get(tensor, tensor) for tensor in node.input], node.output[0]
        if output in joined:
            continue
        if node.op_type == "Conv":
            weight, bias = (values[tensor] for tensor in node.input[1:])
            after = readers[output]
            is_rectified = len(after) == 1 and after[0].op_type == "Relu"
            if is_rectified:
                output = after[0].output[0]
                joined.add(output)
            following = readers[output][0] if len(readers[output]) == 1 else None
            is_requantized = quantized and following is not None and following.op_type == "Conv"
            (top, left, bottom, right), (dilation_y, dilation_x), (stride_y, stride_x) = options["pads"], options["dilations"], options["strides"]
            writer.layer(
                "Convolution", inputs[:1], output, p0=weight.shape[0], p1=weight.shape[3], p11=weight.shape[2], p2=dilation_x, p12=dilation_y, p3=stride_x,
                p13=stride_y, p4=left, p14=top, p15=right, p16=bottom, p5=1, p6=weight.size,
                p8=(INT8_WEIGHTS + (REQUANTIZED if is_requantized else 0)) if quantized else 0, p9=int(is_rectified))
            writer.tagged(quantized[node.name][0] if quantized else weight)
            writer.floats(bias)
            if quantized:
                scales(node, weight.shape[0])
            if is_requantized:
                writer.floats(127 / quantized[following.name][2])
        elif node.op_type == "Gemm":
            weight, bias = (values[tensor] for tensor in node.input[1:])
            writer.layer("InnerProduct", inputs[:1], output, p0=weight.shape[0], p1=1, p2=weight.size, p8=INT8_WEIGHTS if quantized else 0)
            # float_network.py turned the weights, so that each output's lie together.
            writer.tagged(quantized[node.name][0].T if quantized else weight)
            writer.floats(bias)
            if quantized:
                scales(node, weight.shape[0])
        elif node.op_type == "MaxPool":
            (height, width), (top, left, bottom, right), (stride_y, stride_x) = options["kernel_shape"], options["pads"], options["strides"]
            writer.layer("Pooling", inputs, output, p0=0, p1=width, p11=height, p2=stride_x, p12=stride_y, p3=left, p13=top, p14=right, p15=bottom, p5=1)
        elif node.op_type == "GlobalAveragePool":
            writer.layer("Pooling", inputs, output, p0=1, p4=1)
        elif node.op_type == "Add":
            writer.layer("BinaryOp", inputs, output, p0=0)
        elif node.op_type == "Relu":
            writer.layer("ReLU", inputs, output)
        elif node.op_type == "Flatten":
            renamed[output] = inputs[0]  # ncnn's global pooling gives a vector already
        else:
            raise SystemExit(f"ncnn_files.py cannot write {node.op_type} ({node.name}). Add it there.")
    return writer


def main():
    """Writes both networks."""
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    model, folder = onnx.load(sys.argv[2]), sys.argv[3]
    convert(model, None).save(os.path.join(folder, "network.ncnn"))
    convert(model, quantization(onnx.load(sys.argv[1]))).save(os.path.join(folder, "network-int8.ncnn"))


if __name__ == "__main__":
    main()
