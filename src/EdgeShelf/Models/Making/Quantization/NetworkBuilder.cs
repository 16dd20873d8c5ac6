using EdgeShelf.Shelf;
using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Turns ONNX nodes, in order, into layers; folds BatchNorm and ReLU into the layer before them.</summary>
sealed class NetworkBuilder
{
    readonly string _input;
    readonly string _logits;
    readonly int? _height;
    readonly int? _width;
    readonly IReadOnlyDictionary<string, TensorProto> _weights;
    readonly Dictionary<string, int> _readers = [];
    readonly Dictionary<string, string> _sameAs = [];
    readonly List<Layer> _layers = [];
    readonly TensorShapes _shapes;

    public NetworkBuilder(
        string input, int? height, int? width, IReadOnlyDictionary<string, TensorProto> weights, IReadOnlyList<NodeProto> nodes, string logits)
    {
        (_input, _height, _width, _weights, _logits) = (input, height, width, weights, logits);
        _shapes = new TensorShapes(input, height, width);
        foreach (NodeProto node in nodes)
        {
            if (IsSame(node))
            {
                _sameAs[node.Output[0]] = Data(node);
                continue;
            }

            // A node that reads the output of an Identity reads the input of that Identity.
            foreach (string name in node.Input.Select(Resolve))
                _readers[name] = _readers.GetValueOrDefault(name) + 1;
        }
    }

    public void Append(NodeProto node)
    {
        switch (node.OpType)
        {
            case "Conv":
                Add(ReadConvolution(node), node);
                break;
            case "BatchNormalization":
                AppendBatchNorm(node);
                break;
            case "Relu":
                AppendRelu(node);
                break;
            case "Add" or "Sum":
                AppendAddition(node);
                break;
            case "MaxPool":
                if (node.Output.Count > 1)
                    throw node.Refuse("it gives its indices too.");
                Add(new MaxPoolLayer(node.Title(), Data(node), node.Output[0], node.ReadWindow(), node.Int("ceil_mode", 0) == 1), node);
                break;
            case "GlobalAveragePool" or "AveragePool" or "ReduceMean":
                AppendPool(node);
                break;
            case "Flatten" or "Reshape" or "Squeeze":
                AppendFlatten(node);
                break;
            case "Gemm" or "MatMul":
                Add(ReadLinear(node), node);
                break;
            case not null when IsSame(node):
                break;
            default:
                throw node.Refuse("this kind of node cannot be quantized.");
        }
    }

    public FloatNetwork Finish(IReadOnlyList<string> notes)
    {
        if (_layers is not [.., LinearLayer head] || head.Output != Resolve(_logits))
            throw new ConfigurationException("The network does not end in a linear layer.", "Export the whole classifier with its last layer.");
        if (!_layers.Any(layer => layer is FlattenLayer flat && flat.Output == head.Input))
        {
            throw new ConfigurationException(
                $"Node {head.Name}: the last linear layer does not read pooled features.", "Only classifiers with one linear layer after the pooling are known.");
        }

        FloatNetwork network = new(_input, _height, _width, _layers, notes);
        return network.Classes > 1
            ? network
            : throw new ConfigurationException($"Node {head.Name}: the network has one class.", "Teach it what else there is to see; a single class is always the answer.");
    }

    ConvolutionLayer ReadConvolution(NodeProto node)
    {
        TensorProto kernel = Weights(node, 1);
        if (kernel.Dims.Count != 4 || kernel.Dims.Any(size => size < 1))
            throw node.Refuse($"its weights are [{string.Join(", ", kernel.Dims)}]; only convolutions over height and width are known: [outputs, inputs, height, width].");
        // Read the weights first: the check of their count against the shape limits the memory that is allocated.
        float[] weights = OnnxTensors.ReadFloats(kernel, node.Title());
        int outputs = (int)kernel.Dims[0];
        float[] bias = node.Input.Count > 2 && node.Input[2].Length > 0 ? OnnxTensors.ReadFloats(Weights(node, 2), node.Title()) : new float[outputs];
        if (bias.Length != outputs)
            throw node.Refuse($"it has {outputs} output channels and {bias.Length} biases.");
        return new ConvolutionLayer(
            node.Title(), Data(node), node.Output[0], node.ReadWindow([(int)kernel.Dims[2], (int)kernel.Dims[3]]),
            (int)node.Int("group", 1), outputs, weights, bias, Relu: false);
    }

    void AppendBatchNorm(NodeProto node)
    {
        BatchNorm norm = BatchNorm.Read(node, [.. Enumerable.Range(1, 4).Select(index => OnnxTensors.ReadFloats(Weights(node, index), node.Title()))]);
        if (ProducerReadOnlyBy(node) is (int index, ConvolutionLayer { Relu: false } convolution))
            Replace(index, norm.FoldInto(convolution, node.Output[0]), node);
        else
            Add(norm.AsConvolution(node.Title(), Data(node), node.Output[0]), node);
    }

    void AppendRelu(NodeProto node)
    {
        if (ProducerReadOnlyBy(node) is (int index, RectifiableLayer layer))
            Replace(index, layer with { Relu = true, Output = node.Output[0] }, node);
        else
            throw node.Refuse("a ReLU must follow a convolution or an addition that nothing else reads.");
    }

    void AppendAddition(NodeProto node)
    {
        if (node.Input.Count != 2)
            throw node.Refuse($"it adds {node.Input.Count} tensors; two are known.");
        int constant = node.Input.ToList().FindIndex(_weights.ContainsKey);
        if (constant < 0)
        {
            Add(new AdditionLayer(node.Title(), Data(node), Resolve(node.Input[1]), node.Output[0], Relu: false), node);
            return;
        }

        // MatMul and Add together are a Gemm.
        if (FindProducer(node.Input[1 - constant]) is not (int index, LinearLayer linear))
            throw node.Refuse("it adds a constant to something that is not a MatMul.");
        float[] bias = OnnxTensors.ReadFloats(Weights(node, constant), node.Title());
        if (bias.Length != linear.Outputs)
            throw node.Refuse($"it adds {bias.Length} biases to {linear.Outputs} classes.");
        Replace(index, linear with { Bias = [.. linear.Bias.Zip(bias, (left, right) => left + right)], Output = node.Output[0] }, node);
    }

    void AppendPool(NodeProto node)
    {
        (_, int height, int width) = _shapes.Picture(Data(node), node);
        bool global = node.OpType switch
        {
            "AveragePool" => node.ReadWindow() is { Pads: [0, 0, 0, 0] } window && window.Kernel[0] == height && window.Kernel[1] == width,
            "ReduceMean" => ReadAxes(node).Order().SequenceEqual([2, 3]),
            _ => true,
        };
        if (!global)
            throw node.Refuse("only the mean over the whole height and width is known.");

        bool flat = node.OpType == "ReduceMean" && node.Int("keepdims", 1) == 0;
        string pooled = flat ? node.Output[0] + "_pooled" : node.Output[0];
        Add(new GlobalPoolLayer(node.Title(), Data(node), pooled), node);
        if (flat)
            Add(new FlattenLayer(node.Title() + "_flatten", pooled, node.Output[0]), node);
    }

    int[] ReadAxes(NodeProto node)
    {
        int[] axes = node.Input.Count > 1 && node.Input[1].Length > 0
            ? [.. OnnxTensors.ReadLongs(Weights(node, 1), node.Title()).Select(axis => (int)axis)]
            : node.Ints("axes");
        return [.. axes.Select(axis => axis < 0 ? axis + 4 : axis)];
    }

    void AppendFlatten(NodeProto node)
    {
        string input = Data(node);
        if (_layers.Any(layer => layer is FlattenLayer flat && flat.Output == input))
        {
            _sameAs[node.Output[0]] = input;
            return;
        }

        // After the global pooling there is only one way to flatten, whatever form the shape has in the file.
        if (FindProducer(input) is not (_, GlobalPoolLayer) || (node.OpType == "Flatten" && node.Int("axis", 1) != 1))
            throw node.Refuse("only the pooled features may be flattened, to [N, features].");
        Add(new FlattenLayer(node.Title(), input, node.Output[0]), node);
    }

    LinearLayer ReadLinear(NodeProto node)
    {
        TensorProto tensor = Weights(node, 1);
        if (tensor.Dims.Count != 2 || node.Int("transA", 0) != 0)
            throw node.Refuse("only [N, features] times [features, classes] is known.");
        float alpha = node.Float("alpha", 1);
        float[] weights = [.. OnnxTensors.ReadFloats(tensor, node.Title()).Select(value => value * alpha)];
        bool transposed = node.Int("transB", 0) != 0;
        int inputs = (int)tensor.Dims[transposed ? 1 : 0];
        int outputs = (int)tensor.Dims[transposed ? 0 : 1];
        float[] bias = new float[outputs];
        if (node.OpType == "Gemm" && node.Input.Count > 2)
        {
            float beta = node.Float("beta", 1);
            float[] stored = OnnxTensors.ReadFloats(Weights(node, 2), node.Title());
            if (stored.Length != outputs && stored.Length != 1)
                throw node.Refuse($"it has {outputs} classes and {stored.Length} biases.");
            for (int output = 0; output < outputs; output++)
                bias[output] = beta * stored[stored.Length == 1 ? 0 : output];
        }

        return new LinearLayer(
            node.Title(), Data(node), node.Output[0], outputs, transposed ? Transpose(weights, outputs, inputs) : weights, bias);
    }

    static float[] Transpose(float[] values, int rows, int columns)
    {
        float[] transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                transposed[(column * rows) + row] = values[(row * columns) + column];
        }

        return transposed;
    }

    TensorProto Weights(NodeProto node, int index) =>
        node.Input.Count > index && _weights.TryGetValue(node.Input[index], out TensorProto? tensor)
            ? tensor
            : throw node.Refuse($"its input {index} ({(node.Input.Count > index ? node.Input[index] : "missing")}) is not a constant: weights must be in the file.");

    /// <summary>At inference a Dropout passes its input on, as an Identity does.</summary>
    static bool IsSame(NodeProto node) => node.OpType is "Identity" or "Dropout";

    string Data(NodeProto node) => node.Input.Count > 0 && node.Input[0].Length > 0
        ? Resolve(node.Input[0])
        : throw node.Refuse("it has no input.", "The file is damaged: export it again.");

    string Resolve(string name) => _sameAs.TryGetValue(name, out string? original) ? Resolve(original) : name;

    (int Index, Layer Layer)? FindProducer(string name)
    {
        int index = _layers.FindIndex(layer => layer.Output == Resolve(name));
        return index < 0 ? null : (index, _layers[index]);
    }

    (int Index, Layer Layer)? ProducerReadOnlyBy(NodeProto node) => _readers[Data(node)] == 1 ? FindProducer(Data(node)) : null;

    void Add(Layer layer, NodeProto node)
    {
        _shapes.Add(layer, node);
        _layers.Add(layer);
    }

    void Replace(int index, Layer layer, NodeProto node)
    {
        _shapes.Add(layer, node);
        _layers[index] = layer;
    }
}
