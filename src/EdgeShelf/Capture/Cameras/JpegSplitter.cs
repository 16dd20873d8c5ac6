using System.Buffers.Binary;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Splits a stream of concatenated JPEGs into single pictures. It reads the markers (ITU T.81 annex B), so that the bytes of an end
/// marker inside a segment, such as that of a thumbnail, do not end a picture.
/// </summary>
sealed class JpegSplitter
{
    /// <summary>The number of bytes without the beginning of a JPEG after which the stream does not count as a JPEG stream.</summary>
    public const int MaxRubbish = 65_536;

    const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7;
    const byte FirstFrame = 0xC0, LastFrame = 0xCF, HuffmanTables = 0xC4, QuantizationTables = 0xDB;

    const byte FirstApplication = 0xE0;

    /// <summary>A length that no frame header, scan header or table exceeds. Only application data and comments are longer.</summary>
    const int LongestTable = 4096;

    static ReadOnlySpan<byte> Start => [0xFF, StartOfImage, 0xFF];

    byte[] _buffer = new byte[256 * 1024];
    int _length;
    int _at;
    int _trusted;
    bool _inScan;
    bool _hasFrameHeader;
    int _rubbish;

    /// <summary>Adds bytes and returns each picture that they complete.</summary>
    /// <exception cref="CaptureException">`not-a-picture`: the stream does not contain JPEGs. `too-large`: a picture exceeds the size limit.</exception>
    public IReadOnlyList<byte[]> Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;

        List<byte[]> whole = [];
        while (FindStart())
        {
            Found found = FindEnd();
            if (found == Found.NotYet)
                break;
            if (found == Found.End)
                whole.Add(_buffer.AsSpan(0, _at).ToArray());
            // If bytes of a picture were lost, search the rest for the next picture, including the bytes that its last segment claimed.
            int done = found == Found.End ? _at : _trusted;
            _rubbish = found == Found.End ? 0 : _rubbish + done;
            Drop(done);
        }
        if (_length > FrameBytes.MaxBytes)
            throw new CaptureException("too-large", $"A picture of the stream has more than {FrameBytes.MaxBytes} bytes.", "Configure the camera to send smaller pictures.");
        return whole;
    }

    bool FindStart()
    {
        if (_at > 0)
            return true;
        int start = _buffer.AsSpan(0, _length).IndexOf(Start);
        // The first two bytes of a picture's beginning may be the last two bytes that were read.
        int skipped = start >= 0 ? start : Math.Max(0, _length - 2);
        _rubbish += skipped;
        Drop(skipped);
        if (_rubbish > MaxRubbish)
            throw new CaptureException("not-a-picture", $"The camera's stream had {_rubbish} bytes without a JPEG in them.", "Check what the program writes. MJPEG is needed; for rpicam-vid, use `--codec mjpeg`.");
        if (start < 0)
            return false;
        (_at, _trusted) = (2, 2);
        return true;
    }

    // Continue where the last call stopped, so that each byte is read only once.
    Found FindEnd()
    {
        while (true)
        {
            if ((_inScan && !SkipScan()) || _at + 2 > _length)
                return Found.NotYet;
            byte marker = _buffer[_at + 1];
            if (marker == 0xFF && _buffer[_at] == 0xFF)
            {
                _at++;
                continue;
            }
            if (_buffer[_at] != 0xFF || !CanStandHere(marker))
                return Found.Loss;
            if (marker == EndOfImage)
            {
                _at += 2;
                return Found.End;
            }
            // A marker follows the previous segment, so its length was correct and no picture begins inside it.
            _trusted = _at + 2;
            _hasFrameHeader |= marker is >= FirstFrame and <= LastFrame and not HuffmanTables;
            if (_at + 4 > _length)
                return Found.NotYet;
            int length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_at + 2));
            bool isTable = marker < FirstApplication;
            if (length < 2 || (isTable && length > LongestTable))
                return Found.Loss;
            int next = _at + 2 + length;
            if (next > _length)
                return Found.NotYet;
            // Application data may contain a thumbnail, and quantization factors may be any bytes. Other tables cannot contain a picture's beginning.
            if (isTable && marker != QuantizationTables && _buffer.AsSpan(_trusted, Math.Min(length + 1, _length - _trusted)).IndexOf(Start) >= 0)
                return Found.Loss;
            _at = next;
            _inScan = marker == StartOfScan;
        }
    }

    bool CanStandHere(byte marker) => marker switch
    {
        StartOfScan or EndOfImage => _hasFrameHeader,
        HuffmanTables or > EndOfImage and not 0xFF => true,
        _ => marker is >= FirstFrame and <= LastFrame,
    };

    bool SkipScan()
    {
        while (true)
        {
            int skip = _buffer.AsSpan(_at, _length - _at).IndexOf((byte)0xFF);
            _at = skip < 0 ? _length : _at + skip;
            if (_at + 1 >= _length)
                return false;
            if (_buffer[_at + 1] is not (0 or (>= FirstRestart and <= LastRestart)))
            {
                (_trusted, _inScan) = (_at, false);
                return true;
            }
            _at += 2;
        }
    }

    void Drop(int count)
    {
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
        (_at, _trusted, _inScan, _hasFrameHeader) = (0, 0, false, false);
    }

    enum Found { NotYet, End, Loss }
}
