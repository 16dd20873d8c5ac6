using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>The pooling that gives a network's descriptor: averages over a 2 x 2 grid, as PyTorch's adaptive_avg_pool2d(2) takes them.</summary>
/// <param name="Map">The tensor that is pooled: the one whose average over height and width is the features.</param>
/// <param name="Channels">Number of the map's channels.</param>
/// <param name="Window">Half of the map, rounded up; in a map of odd size, the windows share the middle row and column.</param>
sealed record DescriptorPool(string Map, int Channels, Window Window)
{
    /// <summary>Number of values in the descriptor.</summary>
    public int Values => Channels * Descriptor.Grid * Descriptor.Grid;

    /// <param name="network">A network whose input size is known.</param>
    /// <param name="why">What is missing if there is no such pooling.</param>
    /// <returns>The pooling, or null if the features are not an average over a map of at least 2 x 2.</returns>
    public static DescriptorPool? Find(FloatNetwork network, out string? why)
    {
        why = null;
        if (FindMap(network) is not { } map)
        {
            why = "its features are not the average of a map";
            return null;
        }

        TensorShapes shapes = new(network.Input, network.Height, network.Width);
        foreach (Layer layer in network.Layers)
            shapes.Add(layer, new NodeProto { Name = layer.Name });
        (int channels, int height, int width) = shapes.Picture(map, new NodeProto { Name = map });
        if (height >= Descriptor.Grid && width >= Descriptor.Grid)
            return new DescriptorPool(map, channels, new Window([(height + 1) / 2, (width + 1) / 2], [height / 2, width / 2], [0, 0, 0, 0], [1, 1]));
        why = $"its last map, {map}, is {height} x {width}, and {Descriptor.Grid} x {Descriptor.Grid} or more is needed";
        return null;
    }

    static string? FindMap(FloatNetwork network)
    {
        FlattenLayer? flat = network.Layers.OfType<FlattenLayer>().FirstOrDefault(layer => layer.Output == network.Features);
        return network.Layers.OfType<GlobalPoolLayer>().FirstOrDefault(layer => layer.Output == flat?.Input)?.Input;
    }
}
