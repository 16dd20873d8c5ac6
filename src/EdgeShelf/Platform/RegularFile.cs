using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Platform;

/// <summary>
/// Reads files from folders that strangers may write to. A link there may lead to a secret, a pipe never ends and a device gives bytes
/// without end: links and pipes are refused, and no more is read than the file's length says.
/// </summary>
static class RegularFile
{
    const int TooManyLinks = 40;

    /// <exception cref="IOException">It is a link or a pipe, larger than allowed, gone, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, int maxBytes)
    {
        using SafeFileHandle file = Open(path, followsLinks: false, out long length);
        return ReadAllBytes(file, length, maxBytes);
    }

    /// <exception cref="IOException">It is larger than allowed, or cannot be read.</exception>
    public static byte[] ReadAllBytes(SafeFileHandle file, long length, int maxBytes)
    {
        if (length > maxBytes)
            throw new IOException($"it has {length} bytes, and at most {maxBytes} are read");
        byte[] content = new byte[length];
        int read = ReadAt(file, content, 0);
        return read == content.Length ? content : content[..read];
    }

    /// <summary>Opens a file to read it as a stream.</summary>
    /// <exception cref="IOException">It is a link or a pipe, gone, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path) => new(Open(path, followsLinks: false, out _), FileAccess.Read);

    /// <summary>Reads the last bytes of a file.</summary>
    /// <returns>False when it has fewer.</returns>
    /// <exception cref="IOException">It is a link or a pipe, gone, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool TryReadEnd(string path, Span<byte> end)
    {
        using SafeFileHandle file = Open(path, followsLinks: false, out long length);
        return length >= end.Length && ReadAt(file, end, length - end.Length) == end.Length;
    }

    /// <summary>Opens a file without waiting for the other end of a pipe.</summary>
    /// <exception cref="IOException">It is a pipe, or a link where none is followed, or cannot be opened; the number is the system's.</exception>
    public static SafeFileHandle Open(string path, bool followsLinks, out long length)
    {
        SafeFileHandle file;
        try
        {
            file = Posix.Open(path, (followsLinks ? 0 : Posix.NoFollow) | Posix.NonBlocking | Posix.CloseOnExec);
        }
        catch (IOException link) when (link.HResult == TooManyLinks && !followsLinks)
        {
            throw new IOException("it is a link", link);
        }
        try
        {
            length = RandomAccess.GetLength(file);
            return file;
        }
        catch (NotSupportedException pipe)
        {
            file.Dispose();
            throw new IOException("it is a pipe or a device, and a file is needed", pipe);
        }
    }

    static int ReadAt(SafeFileHandle file, Span<byte> into, long offset)
    {
        int read = 0;
        for (int count; read < into.Length && (count = RandomAccess.Read(file, into[read..], offset + read)) > 0;)
            read += count;
        return read;
    }
}
