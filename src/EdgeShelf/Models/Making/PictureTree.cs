using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making;

/// <summary>The pictures below a folder. What a desktop, a NAS or a file system keeps there for itself is passed over: it is no picture of anybody's.</summary>
/// <param name="Files">In name order.</param>
/// <param name="PassedOver">Folders and picture files that were left out, in name order.</param>
sealed record PictureTree(IReadOnlyList<string> Files, IReadOnlyList<string> PassedOver)
{
    /// <summary>Thumbnails of Synology and QNAP, macOS's archives, the bins and indices of Windows and NAS, and what a file system check found.</summary>
    static readonly string[] ForeignFolders =
        ["@eaDir", "@Recycle", "@tmp", "__MACOSX", "#recycle", "#snapshot", "$RECYCLE.BIN", "System Volume Information", "lost+found", "thumbnails"];

    /// <exception cref="ConfigurationException">A folder cannot be read.</exception>
    public static PictureTree Read(string folder)
    {
        List<string> files = [];
        List<string> passedOver = [];
        Walk(folder);
        return new PictureTree([.. files.Order(StringComparer.Ordinal)], [.. passedOver.Order(StringComparer.Ordinal)]);

        void Walk(string at)
        {
            try
            {
                foreach (string file in Directory.EnumerateFiles(at).Where(PictureFormat.IsRead))
                    (IsForeign(file) ? passedOver : files).Add(file);
                foreach (string inner in Directory.EnumerateDirectories(at))
                {
                    if (IsForeign(inner) || LeadsBack(inner))
                        passedOver.Add(inner);
                    else
                        Walk(inner);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"{at} cannot be read: {problem.Message}", "Make it readable, or move it elsewhere.", problem);
            }
        }
    }

    /// <summary>Hidden, as `.thumbnails` and the `._x.jpg` that macOS puts beside each file, or known by name.</summary>
    public static bool IsForeign(string path) => Path.GetFileName(path) is var name && (name.StartsWith('.') || ForeignFolders.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>A link to a folder that it is in would never end.</summary>
    static bool LeadsBack(string folder) => new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true) is { } target
        && (Path.GetFullPath(folder) + '/').StartsWith(target.FullName.TrimEnd('/') + '/', StringComparison.Ordinal);
}
