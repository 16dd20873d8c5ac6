using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Platform;

/// <summary>
/// Reads files that a setting, an answer or a command line names. Links are followed. A pipe or a folder is refused, because opening a pipe
/// waits until somebody writes to it.
/// </summary>
static class NamedFile
{
    /// <summary>The most that is read of a password, a key or a certificate, in bytes.</summary>
    const int MaxTextBytes = 1 << 20;

    /// <summary>The most that is read of any file into memory, in bytes.</summary>
    const int LargestBytes = 1 << 30;

    const int NoPermission = 1, NotThere = 2, Denied = 13;

    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="IOException">It is a folder or a pipe, larger than allowed, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] ReadAllBytes(string path, int maxBytes = LargestBytes)
    {
        using SafeFileHandle file = Open(path, out long length);
        return RegularFile.ReadAllBytes(file, length, maxBytes);
    }

    /// <summary>Reads a short text, such as a certificate: UTF-8, or what its byte order mark says.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public static string ReadText(string path)
    {
        using StreamReader reader = new(new MemoryStream(ReadAllBytes(path, MaxTextBytes), writable: false));
        return reader.ReadToEnd();
    }

    /// <summary>Reads the first line of a short text, such as a password. A file without a line gives an empty text.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public static string ReadFirstLine(string path)
    {
        using StringReader reader = new(ReadText(path));
        return reader.ReadLine() ?? "";
    }

    /// <summary>Opens a file to read it as a stream.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public static FileStream OpenRead(string path) => new(Open(path, out _), FileAccess.Read);

    static SafeFileHandle Open(string path, out long length)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        // The system would cut the name at the NUL and open another file.
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new FileNotFoundException("there is no such file", path);
        try
        {
            return RegularFile.Open(path, followsLinks: true, out length);
        }
        catch (IOException absent) when (absent.HResult == NotThere)
        {
            throw new FileNotFoundException("there is no such file", path, absent);
        }
        catch (IOException closed) when (closed.HResult is Denied or NoPermission)
        {
            throw new UnauthorizedAccessException("this user may not read it", closed);
        }
    }
}
