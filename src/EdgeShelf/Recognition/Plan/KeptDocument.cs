using EdgeShelf.Platform;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Reads a document and its versions from disk, and finds what to use when a file is damaged.</summary>
/// <param name="parse">Reads a document. It throws <see cref="PlanProblemsException"/> for one that is not valid.</param>
sealed class KeptDocument<T>(VersionedFile file, Func<ReadOnlyMemory<byte>, T> parse) where T : StoredDocument
{
    FileStamp? _seen;

    /// <summary>Whether the file changed since <see cref="Load"/> or <see cref="Write"/>.</summary>
    public bool IsStale => _seen != file.Stamp;

    /// <summary>Reads the document in force. If it is damaged, what was in force before goes on, or the newest sound version of the history.</summary>
    /// <param name="inForce">What was in force before, or null at the start.</param>
    /// <param name="problem">What is wrong with the file and what is used instead, or null.</param>
    /// <returns>Null if there is no document.</returns>
    public T? Load(T? inForce, out string? problem)
    {
        _seen = file.Stamp;
        if (TryRead(file.Read, out T? document, out string? wrong))
        {
            problem = null;
            return document;
        }
        T? used = inForce ?? NewestOfHistory();
        problem = $"{file.FilePath} cannot be used: {wrong.TrimEnd('.')}. {(used is null ? "There is no earlier version" : $"Version {used.Number} is used")}. Set the document again, or roll back.";
        return used;
    }

    T? NewestOfHistory()
    {
        try
        {
            return History().FirstOrDefault();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The folder of the history cannot be listed either. The service goes on without the document, and the problem of the file says so.
            return null;
        }
    }

    /// <summary>The versions of the history that are sound, newest first.</summary>
    public IEnumerable<T> History()
    {
        foreach (int number in file.Versions().Reverse())
        {
            if (Find(number) is { } document)
                yield return document;
        }
    }

    /// <summary>Returns a version of the history, or null if it is not kept or is damaged.</summary>
    public T? Find(int number) => TryRead(() => file.ReadVersion(number), out T? document, out _) ? document : null;

    /// <summary>The number of the next version. After a damaged or deleted document it follows the newest of the history, so that no number is used twice.</summary>
    public int NextNumber(T? inForce, bool isSound) =>
        isSound && inForce is { Number: > 0 } ? inForce.Number + 1 : Math.Max(inForce?.Number ?? 0, file.Newest) + 1;

    /// <exception cref="IOException">The disk did not confirm it. The old document stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Write(T document)
    {
        file.Write(document.Number, document.ToJson());
        _seen = file.Stamp;
    }

    /// <summary>Takes the document out of force. Its versions stay in the history.</summary>
    /// <exception cref="IOException">The disk did not confirm it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Delete()
    {
        file.Delete();
        _seen = file.Stamp;
    }

    bool TryRead(Func<byte[]?> read, out T? document, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? problem)
    {
        (document, problem) = (null, null);
        try
        {
            document = read() is { } bytes ? parse(bytes) : null;
            return true;
        }
        catch (PlanProblemsException wrong)
        {
            problem = wrong.Message;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            problem = PlainText.Shown(wrong.Message);
        }
        return false;
    }
}
