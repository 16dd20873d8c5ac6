using EdgeShelf.Platform;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Capture.V4l2;

/// <summary>
/// A V4L2 device that streams into mapped buffers until it is disposed. It does not write controls, so that exposure, focus and
/// similar settings remain as the owner set them. Errors are <see cref="IOException"/> with the system's message.
/// </summary>
sealed unsafe class V4l2Stream : IDisposable
{
    const uint BufferCount = 4;
    const int TryAgain = 11;
    const int InvalidArgument = 22;
    const int ReadProtection = 1, SharedMapping = 1;

    static readonly TimeSpan PollSlice = TimeSpan.FromSeconds(0.2);

    readonly SafeFileHandle _device;
    readonly string _path;
    readonly List<(nint Address, nuint Length)> _buffers = [];
    bool _streaming;

    V4l2Stream(SafeFileHandle device, string path) => (_device, _path) = (device, path);

    /// <summary>The format that the driver chose.</summary>
    public V4l2Abi.Format Format { get; private set; }

    public static V4l2Stream Open(V4l2CameraOptions options)
    {
        V4l2Stream stream = new(Posix.Open(options.Device, Posix.ReadWrite | Posix.NonBlocking | Posix.CloseOnExec), options.Device);
        try
        {
            stream.CheckCapabilities();
            stream.ChooseFormat(options);
            stream.Start();
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next complete frame and gives it back to the driver without a copy.</summary>
    public void Skip(CancellationToken cancellationToken) => Next(copies: false, cancellationToken);

    /// <summary>Returns the next complete frame, with the number of bytes that the driver reports.</summary>
    public byte[] Next(CancellationToken cancellationToken) => Next(copies: true, cancellationToken);

    byte[] Next(bool copies, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Posix.WaitReadable(_device, PollSlice, _path))
                continue;
            V4l2Abi.Buffer buffer = new() { Type = V4l2Abi.CaptureType, Memory = V4l2Abi.MemoryMapped };
            switch (Posix.TryControl(_device, V4l2Abi.DequeueBuffer, ref buffer))
            {
                case 0:
                    break;
                case TryAgain:
                    continue;
                default:
                    throw Posix.Failure($"{_path}: no frame could be read");
            }
            byte[]? frame = (buffer.Flags & V4l2Abi.ErrorFlag) == 0 && IsWhole(buffer.BytesUsed) ? copies ? Copy(buffer) : [] : null;
            Posix.Control(_device, V4l2Abi.QueueBuffer, ref buffer, _path);
            if (frame is not null)
                return frame;
        }
    }

    public void Dispose()
    {
        if (_streaming)
        {
            int type = V4l2Abi.CaptureType;
            _ = Posix.TryControl(_device, V4l2Abi.StreamOff, ref type);
        }
        foreach ((nint address, nuint length) in _buffers)
            _ = Posix.Unmap(address, length);
        _device.Dispose();
    }

    void CheckCapabilities()
    {
        V4l2Abi.Capability capability = default;
        Posix.Control(_device, V4l2Abi.QueryCapability, ref capability, $"{_path} is not a V4L2 device");
        uint can = (capability.Capabilities & V4l2Abi.HasDeviceCapabilities) != 0 ? capability.DeviceCapabilities : capability.Capabilities;
        if ((can & V4l2Abi.CanCapture) == 0 || (can & V4l2Abi.CanStream) == 0)
            throw new IOException($"{_path} does not capture pictures (capabilities 0x{can:X8}); a camera often has a second node that does");
    }

    void ChooseFormat(V4l2CameraOptions options)
    {
        IEnumerable<uint> wanted = options.Format == V4l2Format.Auto ? V4l2Format.Codes.Values : [V4l2Format.Codes[options.Format]];
        V4l2Abi.Format now = new() { Type = V4l2Abi.CaptureType };
        Posix.Control(_device, V4l2Abi.GetFormat, ref now, _path);
        foreach (uint code in wanted)
        {
            // A driver replaces unsupported values by supported ones, so use the values that it returns.
            V4l2Abi.Format format = new()
            {
                Type = V4l2Abi.CaptureType,
                Width = (uint)options.Width,
                Height = (uint)options.Height,
                PixelFormat = code,
                Field = V4l2Abi.AnyField,
            };
            int error = Posix.TryControl(_device, V4l2Abi.SetFormat, ref format);
            if (error is not 0 and not InvalidArgument)
                throw Posix.Failure($"{_path}: the picture's format cannot be set");
            if (error == 0 && (format.PixelFormat == code || (code, format.PixelFormat) is (V4l2Abi.Mjpeg, V4l2Abi.Jpeg)))
            {
                Format = format;
                return;
            }
        }
        throw new IOException($"{_path} supports {V4l2Format.Name(now.PixelFormat)}, but none of {string.Join(", ", wanted.Select(V4l2Format.Name))}");
    }

    void Start()
    {
        V4l2Abi.BufferRequest request = new() { Count = BufferCount, Type = V4l2Abi.CaptureType, Memory = V4l2Abi.MemoryMapped };
        Posix.Control(_device, V4l2Abi.RequestBuffers, ref request, $"{_path}: buffers cannot be allocated");
        for (uint index = 0; index < request.Count; index++)
        {
            V4l2Abi.Buffer buffer = new() { Index = index, Type = V4l2Abi.CaptureType, Memory = V4l2Abi.MemoryMapped };
            Posix.Control(_device, V4l2Abi.QueryBuffer, ref buffer, _path);
            nint address = Posix.Map(0, buffer.Length, ReadProtection, SharedMapping, _device, (nint)buffer.Offset);
            if (address == -1)
                throw Posix.Failure($"{_path}: a buffer cannot be mapped");
            _buffers.Add((address, buffer.Length));
            Posix.Control(_device, V4l2Abi.QueueBuffer, ref buffer, _path);
        }
        int type = V4l2Abi.CaptureType;
        Posix.Control(_device, V4l2Abi.StreamOn, ref type, $"{_path}: the camera cannot be started");
        _streaming = true;
    }

    bool IsWhole(uint bytesUsed) => V4l2Format.LayoutOf(Format) is { } layout ? bytesUsed >= layout.Length : bytesUsed > 0;

    byte[] Copy(in V4l2Abi.Buffer buffer)
    {
        (nint address, nuint length) = _buffers[(int)buffer.Index];
        return new ReadOnlySpan<byte>((void*)address, (int)Math.Min(buffer.BytesUsed, length)).ToArray();
    }
}
