using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Writes a model folder, so that what is in it at any moment is either the old or the new model or is refused by its hashes.</summary>
static class ModelWriter
{
    public const string GoldenFolder = "golden";

    /// <param name="manifest">Its files and golden answer are filled in here.</param>
    /// <param name="golden">A picture file; a copy goes into the folder.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="ConfigurationException">The golden picture cannot be read, or the model does not load.</exception>
    public static ModelManifest Write(string folder, ModelManifest manifest, byte[] onnx, IReadOnlyList<ClassLabel> labels, string golden)
    {
        string full = Path.GetFullPath(folder);
        string draft = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        ReadableByAll.CreateFolder(Path.Combine(draft, GoldenFolder));
        string picture = $"{GoldenFolder}/{Path.GetFileName(golden)}";
        File.Copy(golden, Path.Combine(draft, picture));
        File.WriteAllBytes(Path.Combine(draft, ModelManifest.ModelFileName), onnx);
        LabelsFile.Write(labels, Path.Combine(draft, ModelManifest.LabelsFileName));
        string[] names = [ModelManifest.ModelFileName, ModelManifest.LabelsFileName, picture];
        manifest = manifest with { Files = names.ToDictionary(name => name, name => ModelFolder.Sha256(Path.Combine(draft, name))) };
        WriteManifest(draft, manifest with { Golden = null });

        using (LoadedModel model = ModelFolder.Load(draft, threads: 1))
            manifest = manifest with { Golden = new GoldenAnswer(picture, GoldenPicture.Answer(model, Path.Combine(draft, picture), 3)) };
        WriteManifest(draft, manifest);
        ReadableByAll.GrantAll(draft);
        MoveInto(draft, full, names);
        return manifest;
    }

    public static void WriteManifest(string folder, ModelManifest manifest) =>
        DurableFile.Write(Path.Combine(folder, ModelManifest.FileName), [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifest.Json), (byte)'\n'], ReadableByAll.FileMode);

    /// <summary>Other files of an old folder, its NOTICE among them, stay.</summary>
    static void MoveInto(string draft, string folder, IEnumerable<string> names)
    {
        if (!Directory.Exists(folder))
        {
            Directory.Move(draft, folder);
            return;
        }

        string oldGolden = Path.Combine(folder, GoldenFolder);
        if (Directory.Exists(oldGolden))
            Directory.Delete(oldGolden, recursive: true);
        ReadableByAll.CreateFolder(oldGolden);
        foreach (string name in names.Append(ModelManifest.FileName))
            File.Move(Path.Combine(draft, name), Path.Combine(folder, name), overwrite: true);
        Directory.Delete(draft, recursive: true);
    }
}
