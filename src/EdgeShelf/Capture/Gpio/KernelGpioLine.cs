using System.Device.Gpio;
using System.Runtime.InteropServices;
using EdgeShelf.Platform;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Capture.Gpio;

/// <summary>A line that the kernel provides. Errors are <see cref="IOException"/> with the system's message.</summary>
sealed class KernelGpioLine : GpioLine
{
    const int EventsAtOnce = 16;
    const ulong Listening = GpioAbi.Input | GpioAbi.EdgeRising | GpioAbi.EdgeFalling;

    readonly SafeFileHandle _line;
    readonly string _name;

    KernelGpioLine(SafeFileHandle line, string name) => (_line, _name) = (line, name);

    /// <summary>Opens a line. Inputs report both edges from the start, so that the line is requested only once and keeps its resistor.</summary>
    public static unsafe KernelGpioLine Open(GpioChip chip, int line, PinMode mode)
    {
        string name = $"{chip.Label} line {line}";
        if (line >= chip.Lines)
            throw new IOException($"{name}: the chip has lines 0 to {chip.Lines - 1}");
        using SafeFileHandle opened = Posix.Open(chip.Path, Posix.ReadWrite | Posix.CloseOnExec);
        GpioAbi.LineRequest request = new() { Offset = (uint)line, Flags = FlagsOf(mode), LineCount = 1, EventBufferSize = 64 };
        "edgeshelf"u8.CopyTo(new Span<byte>(request.Consumer, 31));
        Posix.Control(opened, GpioAbi.GetLine, ref request, name);
        return new KernelGpioLine(new SafeFileHandle(request.Fd, ownsHandle: true), name);
    }

    public override bool IsHigh()
    {
        GpioAbi.LineValues values = new() { Mask = 1 };
        Posix.Control(_line, GpioAbi.GetValues, ref values, _name);
        return (values.Bits & 1) != 0;
    }

    public override void Write(bool high)
    {
        GpioAbi.LineValues values = new() { Mask = 1, Bits = high ? 1UL : 0 };
        Posix.Control(_line, GpioAbi.SetValues, ref values, _name);
    }

    public override IReadOnlyList<Edge> WaitForEdges(TimeSpan limit)
    {
        if (!Posix.WaitReadable(_line, limit, _name))
            return [];
        Span<GpioAbi.LineEvent> events = stackalloc GpioAbi.LineEvent[EventsAtOnce];
        int read = Posix.Read(_line, MemoryMarshal.AsBytes(events), _name);
        List<Edge> edges = [];
        foreach (GpioAbi.LineEvent seen in events[..(read / Marshal.SizeOf<GpioAbi.LineEvent>())])
            edges.Add(new Edge(seen.Id == GpioAbi.RisingEvent, TimeSpan.FromTicks((long)(seen.Timestamp / 100))));
        return edges;
    }

    public override void Dispose() => _line.Dispose();

    static ulong FlagsOf(PinMode mode) => mode switch
    {
        PinMode.Output => GpioAbi.Output,
        PinMode.InputPullUp => Listening | GpioAbi.PullUp,
        PinMode.InputPullDown => Listening | GpioAbi.PullDown,
        _ => Listening,
    };
}
