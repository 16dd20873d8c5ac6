using System.Security.Cryptography;
using System.Text.Json;
using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Publish.Documents;

namespace EdgeShelf.Tests.Support;

/// <summary>A signed archive of a tiny model, as an engineer makes it.</summary>
sealed class FleetModel
{
    /// <summary>The keys of the tests' chain.</summary>
    public static readonly (string Private, string Public) Keys = FleetKeys.Make();

    FleetModel(string name, string version, byte[] archive) => (Name, Version, Archive) = (name, version, archive);

    public string Name { get; }
    public string Version { get; }
    public byte[] Archive { get; }
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Archive));

    /// <param name="change">Changes the folder before it is packed.</param>
    public static FleetModel Make(string name, string version = "1.0.0", double sharpness = 20, byte[]? onnx = null, Action<string>? change = null)
    {
        using TemporaryFolder folder = new();
        string model = Path.Combine(TinyModel.WriteTo(folder.Path, sharpness, onnx, name, isGoldenSure: onnx is not null), name);
        ModelCopy.Change(model, manifest => manifest with { Version = version });
        change?.Invoke(model);
        using MemoryStream archive = new();
        ModelArchive.Pack(model, archive);
        return new FleetModel(name, version, archive.ToArray());
    }

    public DesiredModel At(string url, string? privateKey = null) => new(Name, Version, url, Sha256, Archive.Length, FleetKeys.Sign(new MemoryStream(Archive), privateKey ?? Keys.Private, "fleet.key"));

    /// <summary>A desired document.</summary>
    public static string Document(int version, DesiredModel? model = null, string? more = null) =>
        $$"""{"schema":1,"version":{{version}}{{(model is null ? "" : $",\"model\":{JsonSerializer.Serialize(model, ResultDocument.Json)}")}}{{(more is null ? "" : "," + more)}}}""";
}
