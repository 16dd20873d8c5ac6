using EdgeShelf.Platform;

namespace EdgeShelf.Recognition.Plan;

/// <summary>`planogram-next.json`: the planogram whose `valid_from` lies in the future.</summary>
sealed class WaitingPlanogram(string folder)
{
    readonly string _path = Path.Combine(folder, "planogram-next.json");
    FileStamp? _seen;

    /// <summary>Whether the file changed since it was last read or written here.</summary>
    public bool IsStale => _seen != FileStamp.Of(_path);

    /// <summary>Reads the planogram. A damaged file is left out, because the planogram in force is sound.</summary>
    public PlanogramDocument? Load(out string? problem)
    {
        (_seen, problem) = (FileStamp.Of(_path), null);
        try
        {
            return File.Exists(_path) ? PlanogramDocument.Parse(RegularFile.ReadAllBytes(_path, VersionedFile.MaxBytes)) : null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or PlanProblemsException)
        {
            problem = $"{_path} cannot be used: {PlainText.Shown(wrong.Message.TrimEnd('.'))}. The planogram that waits for its time is lost. Send it again.";
            return null;
        }
    }

    /// <exception cref="IOException">The disk did not confirm it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Write(PlanogramDocument document)
    {
        DurableFile.Write(_path, document.ToJson(), ReadableByAll.FileMode);
        _seen = FileStamp.Of(_path);
    }

    public void Delete()
    {
        File.Delete(_path);
        if (Directory.Exists(folder))
            DurableFile.SyncFolder(folder);
        _seen = FileStamp.Of(_path);
    }
}
