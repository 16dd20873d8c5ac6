using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Models;

/// <summary>
/// Identifies what makes a model's descriptors: the part of the network that they are computed by, and the input that it expects. Two models that
/// differ only in their last layer make the same descriptors, so examples need not be described again when one replaces the other. The identity
/// is computed from the file itself and not read from the manifest, so it cannot be wrong.
/// </summary>
static class DescriptorSource
{
    /// <param name="onnx">A network that was examined; see <see cref="Making.Quantization.NetworkFile"/>.</param>
    /// <param name="manifest">Its manifest, which names the descriptor's output.</param>
    /// <returns>A SHA-256 in lower-case hex, or null if the network returns no descriptor.</returns>
    public static string? Of(byte[] onnx, ModelManifest manifest)
    {
        if (manifest.Outputs.Descriptor is not { } output)
            return null;
        ModelProto model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(onnx);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The description of the input is what the preprocessor follows.
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(manifest.Input, ModelsJson.Files.ModelInput));
        foreach (OperatorSetIdProto operators in model.OpsetImport)
            hash.AppendData(operators.ToByteArray());
        HashSet<string> needed = [output];
        // A graph's nodes are sorted, so going backwards meets each node after all that use its outputs.
        for (int at = model.Graph.Node.Count - 1; at >= 0; at--)
        {
            NodeProto node = model.Graph.Node[at];
            if (!node.Output.Any(needed.Contains))
                continue;
            needed.UnionWith(node.Input);
            hash.AppendData(node.ToByteArray());
        }
        foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => needed.Contains(tensor.Name)).OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
            hash.AppendData(tensor.ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
