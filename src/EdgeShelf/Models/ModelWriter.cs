using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Writes a model folder under a temporary name and then renames it, so that it is never incomplete. An existing folder is never written to.</summary>
static class ModelWriter
{
    public const string GoldenFolder = "golden";

    const string DraftEnding = ".new";

    /// <summary>The time for which a temporary folder without a change counts as in use. Writing a model takes seconds.</summary>
    static readonly TimeSpan DraftInUse = TimeSpan.FromHours(1);

    const string ChooseAnother = "Name another folder, or remove this one first.";

    /// <summary>Checks in advance for problems that <see cref="Write"/> would otherwise report only after all the work.</summary>
    /// <exception cref="ConfigurationException">The folder's path already exists.</exception>
    /// <exception cref="EdgeShelfException">The location cannot be written to.</exception>
    public static void CheckPlace(string folder)
    {
        string full = FullPath(folder);
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            throw new ConfigurationException($"{full} is there already; a model folder is never written twice.", ChooseAnother);
        string draft = Draft(full);
        try
        {
            ReadableByAll.CreateFolder(draft);
            Directory.Delete(draft, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CannotBeWritten(problem);
        }
    }

    /// <param name="manifest">The manifest. This method fills in the golden answer and all files except the further ones.</param>
    /// <param name="golden">Picture file to copy into the folder.</param>
    /// <param name="further">Other files that the model needs, by name.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="ConfigurationException">The golden picture cannot be read, the model does not load, or the folder's path already exists. Nothing is left behind.</exception>
    /// <exception cref="EdgeShelfException">The location cannot be written to.</exception>
    public static ModelManifest Write(
        string folder, ModelManifest manifest, byte[] onnx, IReadOnlyList<ClassLabel> labels, string golden, IReadOnlyDictionary<string, byte[]>? further = null)
    {
        CheckPlace(folder);
        string full = FullPath(folder);
        string draft = Draft(full);
        try
        {
            manifest = Fill(draft, manifest, onnx, labels, golden, further ?? new Dictionary<string, byte[]>());
            if (Directory.Exists(full))
                Directory.Delete(full);
            Directory.Move(draft, full);
            return manifest;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CannotBeWritten(problem);
        }
        finally
        {
            if (Directory.Exists(draft))
                Directory.Delete(draft, recursive: true);
        }
    }

    public static void WriteManifest(string folder, ModelManifest manifest) =>
        DurableFile.Write(Path.Combine(folder, ModelManifest.FileName), [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ModelsJson.Files.ModelManifest), (byte)'\n'], ReadableByAll.FileMode);

    static ModelManifest Fill(
        string draft, ModelManifest manifest, byte[] onnx, IReadOnlyList<ClassLabel> labels, string golden, IReadOnlyDictionary<string, byte[]> further)
    {
        ReadableByAll.CreateFolder(Path.Combine(draft, GoldenFolder));
        // A name that is not allowed in a manifest must not cause the training to be lost.
        string name = Path.GetFileName(golden);
        string picture = $"{GoldenFolder}/{(LabelText.Problem(name) is null && !name.Contains('\\', StringComparison.Ordinal) ? name : "picture" + Path.GetExtension(golden).ToLowerInvariant())}";
        File.Copy(golden, Path.Combine(draft, picture));
        File.WriteAllBytes(Path.Combine(draft, ModelManifest.ModelFileName), onnx);
        LabelsFile.Write(labels, Path.Combine(draft, ModelManifest.LabelsFileName));
        foreach ((string file, byte[] bytes) in further)
            File.WriteAllBytes(Path.Combine(draft, file), bytes);
        string[] names = [ModelManifest.ModelFileName, ModelManifest.LabelsFileName, picture, .. further.Keys];
        foreach (string file in names)
            FlushToDisk(Path.Combine(draft, file));
        manifest = manifest with { Files = names.ToDictionary(file => file, file => ModelFolder.Sha256(Path.Combine(draft, file))) };
        WriteManifest(draft, manifest with { Golden = null });

        using (LoadedModel model = ModelFolder.Load(draft, threads: 1))
            manifest = manifest with { Golden = new GoldenAnswer(picture, GoldenPicture.Answer(model, Path.Combine(draft, picture), 3)) };
        WriteManifest(draft, manifest);
        ReadableByAll.GrantAll(draft);
        return manifest;
    }

    static void FlushToDisk(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    static string FullPath(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>
    /// Deletes the temporary folders that a power cut left among the models. One that was changed within the last hour stays, because another
    /// process may be writing it.
    /// </summary>
    /// <returns>The number of deleted folders.</returns>
    public static int RemoveDrafts(string models, DateTimeOffset now)
    {
        int removed = 0;
        try
        {
            foreach (DirectoryInfo draft in new DirectoryInfo(models).EnumerateDirectories($".*{DraftEnding}"))
            {
                if (draft.LinkTarget is not null || now.UtcDateTime - draft.LastWriteTimeUtc < DraftInUse)
                    continue;
                draft.Delete(recursive: true);
                removed++;
            }
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            // A leftover costs a little space. Whoever writes to this folder next reports what is wrong with it.
        }
        return removed;
    }

    /// <summary>Returns the path of the temporary folder. It is hidden, so that it is not mistaken for a model.</summary>
    static string Draft(string full) => Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}{DraftEnding}");

    static EdgeShelfException CannotBeWritten(Exception problem) =>
        new($"The model cannot be written: {problem.Message}", "Run it as the service's user, for example with sudo, or name another folder with --output.", problem);
}
