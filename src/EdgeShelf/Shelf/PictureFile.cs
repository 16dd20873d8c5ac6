namespace EdgeShelf.Shelf;

/// <summary>The file that a picture came from.</summary>
/// <param name="Folder">The full path of its folder.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="LastWrite">The time when the file was last written, in UTC.</param>
sealed record PictureFile(string Folder, string Name, long Length, DateTime LastWrite);

/// <summary>
/// Returns the files of a folder whose results are on disk, in the order of the results. Only the newest are kept; see the outbox. The list is
/// empty while the outbox cannot be read. Call this before the first capture.
/// </summary>
/// <param name="folder">The full path of the folder.</param>
delegate IReadOnlyList<PictureFile> CommittedFiles(string folder);
