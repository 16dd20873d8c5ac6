using EdgeShelf.Shelf;
using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Models.Making;

/// <summary>Reads and writes ONNX files as protobuf, before any runtime sees them.</summary>
static class OnnxModelFile
{
    /// <summary>Largest file that is read into memory, in bytes. It is far above the size of any ResNet.</summary>
    const long LargestBytes = 1L << 30;

    /// <exception cref="ConfigurationException">The file is missing, empty, too large, or not ONNX.</exception>
    public static ModelProto Read(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
            throw new ConfigurationException($"There is no model {path}.", "Name an ONNX file.");
        if (file.Length is 0 or > LargestBytes)
            throw new ConfigurationException($"{path} has {file.Length} bytes; a model has 1 to {LargestBytes}.", "Export or copy the model again.");

        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new ConfigurationException(
                $"{path} is not an ONNX file, or damaged: {problem.Message}", "Export or copy the model again.", problem);
        }

        // Many files that are not ONNX still parse as an empty message.
        if (model.Graph is null || model.Graph.Node.Count == 0)
            throw new ConfigurationException($"{path} is not an ONNX file: it holds no graph.", "Export or copy the model again.");
        return model;
    }

    public static void Write(ModelProto model, string path) => File.WriteAllBytes(path, model.ToByteArray());
}
