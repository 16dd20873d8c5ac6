using System.Text.Json;
using EdgeShelf.Models;

namespace EdgeShelf.Tests.Support;

/// <summary>Copies of the shipped model, for tests that damage or rename it.</summary>
static class ModelCopy
{
    public static readonly string Shipped = Path.Combine(Checkout.Root, "models", "grocery-81");

    /// <returns>The new model folder, root/name.</returns>
    public static string Create(string root, string name, string version = "2.0.0")
    {
        string folder = Path.Combine(root, name);
        foreach (string file in Directory.EnumerateFiles(Shipped, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(Shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Change(folder, manifest => manifest with { Name = name, Version = version });
        return folder;
    }

    public static void Change(string folder, Func<ModelManifest, ModelManifest> change)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        ModelManifest manifest = JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(path), ModelManifest.Json)!;
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(change(manifest), ModelManifest.Json));
    }
}
