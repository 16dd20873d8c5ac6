using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making;

/// <summary>The pictures below a folder. Files that a desktop, a NAS or a file system keeps there for its own use are skipped, because no user took them.</summary>
/// <param name="Files">The pictures, in name order.</param>
/// <param name="PassedOver">Folders and picture files that were left out, in name order.</param>
sealed record PictureTree(IReadOnlyList<string> Files, IReadOnlyList<string> PassedOver)
{
    /// <summary>Names of skipped folders: thumbnails of Synology and QNAP, archives of macOS, bins and indices of Windows and NAS, and files recovered by a file system check.</summary>
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

    /// <summary>Returns whether an entry is skipped: it is hidden, as `.thumbnails` and the `._x.jpg` that macOS puts beside each file, or its name is known.</summary>
    public static bool IsForeign(string path) => Path.GetFileName(path) is var name && (name.StartsWith('.') || ForeignFolders.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns whether a folder is a link to a folder that contains it. Following such a link would never end.</summary>
    static bool LeadsBack(string folder) => new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true) is { } target
        && (Path.GetFullPath(folder) + '/').StartsWith(target.FullName.TrimEnd('/') + '/', StringComparison.Ordinal);
}
