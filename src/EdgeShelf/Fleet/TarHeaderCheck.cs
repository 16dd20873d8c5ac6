using System.Text;

namespace EdgeShelf.Fleet;

/// <summary>
/// Reads a tar archive from a stream and lets only plain files and folders pass. It looks at a header before the reader above does: System.Formats.Tar
/// follows extended headers, allocates as many bytes as they announce, and takes sizes and names from them. The format is that of POSIX.1-1988 (ustar).
/// </summary>
/// <param name="maxBytes">The largest number of bytes that are read, headers included.</param>
sealed class TarHeaderCheck(Stream inner, long maxBytes) : Stream
{
    const int BlockSize = 512;
    const int SizeAt = 124, SizeLength = 12, TypeAt = 156;

    readonly byte[] _header = new byte[BlockSize];
    int _inHeader;
    long _contentLeft;
    long _total;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">A header is not allowed, or the archive is too large.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _total += read;
        if (_total > maxBytes)
            throw new InvalidDataException($"it unpacks to more than {maxBytes} bytes");
        Check(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    void Check(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int taken;
            if (_contentLeft > 0)
            {
                taken = (int)Math.Min(_contentLeft, bytes.Length);
                _contentLeft -= taken;
            }
            else
            {
                taken = Math.Min(BlockSize - _inHeader, bytes.Length);
                bytes[..taken].CopyTo(_header.AsSpan(_inHeader));
                _inHeader += taken;
                if (_inHeader == BlockSize)
                    Begin();
            }
            bytes = bytes[taken..];
        }
    }

    void Begin()
    {
        _inHeader = 0;
        if ((char)_header[TypeAt] is var type and not ('0' or '\0' or '5'))
            throw new InvalidDataException($"it holds {KindOf(type)}; only plain files and folders with short names are allowed");
        long size = SizeOf(_header.AsSpan(SizeAt, SizeLength));
        _contentLeft = (size + BlockSize - 1) / BlockSize * BlockSize;
    }

    static string KindOf(char type) => type switch
    {
        '1' => "a hard link",
        '2' => "a link",
        '3' or '4' => "a device",
        '6' => "a pipe",
        'x' or 'g' or 'L' or 'K' => "an extended header",
        _ => "an entry of an unknown type",
    };

    /// <summary>The size of an entry's content: octal digits that end with a zero byte or a space.</summary>
    static long SizeOf(ReadOnlySpan<byte> field)
    {
        string text = Encoding.ASCII.GetString(field).Trim('\0', ' ');
        if (text.Any(digit => digit is < '0' or > '7'))
            throw new InvalidDataException("the size of an entry is not a number");
        return text.Length == 0 ? 0 : Convert.ToInt64(text, 8);
    }
}
