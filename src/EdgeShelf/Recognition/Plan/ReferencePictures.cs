using System.Security.Cryptography;
using EdgeShelf.Platform;

namespace EdgeShelf.Recognition.Plan;

/// <summary>The reference pictures: `references/HASH.jpg` or `.png`, the bytes as the camera gave them. The hash is the SHA-256 of the bytes.</summary>
sealed class ReferencePictures(string folder)
{
    /// <summary>The maximum size of a picture, in bytes: that of an upload.</summary>
    public const int MaxBytes = 10_000_000;

    readonly string _folder = Path.Combine(folder, "references");

    public static string HashOf(ReadOnlySpan<byte> picture) => Convert.ToHexStringLower(SHA256.HashData(picture));

    /// <summary>Returns the bytes, or null if the picture is missing, cannot be read or has other content than its name says.</summary>
    public byte[]? Find(string sha256)
    {
        foreach (string path in PathsOf(sha256).Where(File.Exists))
        {
            try
            {
                byte[] picture = RegularFile.ReadAllBytes(path, MaxBytes);
                if (HashOf(picture) == sha256)
                    return picture;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The next usable picture becomes the reference, as if there had been none.
            }
        }
        return null;
    }

    /// <summary>Keeps a picture and returns its hash.</summary>
    /// <exception cref="IOException">The disk did not confirm it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public string Add(ReadOnlySpan<byte> picture)
    {
        string sha256 = HashOf(picture);
        string path = PathsOf(sha256)[picture is [0x89, ..] ? 1 : 0];
        ReadableByAll.CreateFolder(_folder);
        if (Find(sha256) is null)
            DurableFile.Write(path, picture, ReadableByAll.FileMode);
        return sha256;
    }

    /// <summary>Removes all pictures that no version uses any more.</summary>
    public void KeepOnly(IReadOnlySet<string> used)
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (string file in Directory.EnumerateFiles(_folder).Where(file => !used.Contains(Path.GetFileNameWithoutExtension(file))))
            File.Delete(file);
    }

    string[] PathsOf(string sha256) => [Path.Combine(_folder, sha256 + ".jpg"), Path.Combine(_folder, sha256 + ".png")];
}
