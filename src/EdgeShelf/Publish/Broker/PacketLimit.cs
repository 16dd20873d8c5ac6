using System.Globalization;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// The stream to the broker with a limit for the size of one received packet. MQTTnet allocates as many bytes as a packet's header announces,
/// up to 256 MB; here the header of a packet that is too large ends the connection before anything is allocated. MQTT 5 announces the limit, and
/// a broker keeps it, but MQTT 3.1.1 has no such announcement and a broker may be faulty.
/// </summary>
sealed class PacketLimit(Stream inner) : Stream
{
    /// <summary>The maximum size in bytes of a packet to the device, including its header: the largest request, a planogram of 256 KiB, and 64 KiB for its topics and properties.</summary>
    public const int MaxBytes = (256 + 64) << 10;

    /// <summary>The number of messages of QoS 1 that the broker may send without a confirmation. It bounds the memory of messages that arrived and were not looked at yet.</summary>
    public const ushort MaxUnconfirmed = 20;

    // The state of the fixed header (MQTT 5.0, 2.1): one byte of type and flags, then the remaining length with seven bits a byte.
    const int LastShift = 21;

    bool _isInLength;
    int _shift;
    int _length;
    int _bodyLeft;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="BrokerException">The broker sends a packet that is too large.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        Check(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = inner.Read(buffer, offset, count);
        Check(buffer.AsSpan(offset, read));
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    void Check(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_bodyLeft > 0)
            {
                int skipped = Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }
            byte next = bytes[0];
            bytes = bytes[1..];
            if (!_isInLength)
            {
                (_isInLength, _shift, _length) = (true, 0, 0);
                continue;
            }
            _length |= (next & 0x7F) << _shift;
            // MQTTnet refuses a length of more than four bytes itself.
            _isInLength = (next & 0x80) != 0 && _shift < LastShift;
            int header = 2 + (_shift / 7);
            _shift += 7;
            if (_length > MaxBytes - header)
                throw TooLarge(_length + header, isWhole: !_isInLength);
            if (!_isInLength)
                _bodyLeft = _length;
        }
    }

    static BrokerException TooLarge(int bytes, bool isWhole) => new(
        string.Create(CultureInfo.InvariantCulture, $"The broker sent a packet of {(isWhole ? "" : "at least ")}{bytes} bytes; at most {MaxBytes} are accepted, so the device closed the connection."),
        "Find out who publishes such messages to the device's request topics, and forbid it in the broker's access list; the device connects again.", isExplained: true);
}
