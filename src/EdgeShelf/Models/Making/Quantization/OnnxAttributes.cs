using Onnx;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Adds attributes to nodes that are written.</summary>
static class OnnxAttributes
{
    public static NodeProto With(this NodeProto node, string name, long value)
    {
        node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, IEnumerable<int> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values.Select(value => (long)value));
        node.Attribute.Add(attribute);
        return node;
    }

    public static NodeProto With(this NodeProto node, Window window) => node
        .With("kernel_shape", window.Kernel).With("strides", window.Strides).With("pads", window.Pads).With("dilations", window.Dilations);
}
