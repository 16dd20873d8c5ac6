using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Capture.Gpio;

/// <summary>One line of a GPIO chip, owned until it is disposed. Errors are <see cref="IOException"/> in the system's words.</summary>
sealed class GpioLine : ButtonLine
{
    const int EventsAtOnce = 16;

    readonly SafeFileHandle _line;
    readonly string _name;

    GpioLine(SafeFileHandle line, string name) => (_line, _name) = (line, name);

    /// <summary>Listens for both edges.</summary>
    public static GpioLine OpenInput(GpioChip chip, int line, Pull pull, bool activeLow)
    {
        ulong bias = pull switch
        {
            Pull.Up => GpioAbi.PullUp,
            Pull.Down => GpioAbi.PullDown,
            _ => 0,
        };
        return Open(chip, line, GpioAbi.Input | GpioAbi.EdgeRising | GpioAbi.EdgeFalling | bias | (activeLow ? GpioAbi.ActiveLow : 0));
    }

    public static GpioLine OpenOutput(GpioChip chip, int line, bool activeLow) =>
        Open(chip, line, GpioAbi.Output | (activeLow ? GpioAbi.ActiveLow : 0));

    public override bool IsPressed()
    {
        GpioAbi.LineValues values = new() { Mask = 1 };
        Posix.Control(_line, GpioAbi.GetValues, ref values, _name);
        return (values.Bits & 1) != 0;
    }

    public void Write(bool on)
    {
        GpioAbi.LineValues values = new() { Mask = 1, Bits = on ? 1UL : 0 };
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

    static unsafe GpioLine Open(GpioChip chip, int line, ulong flags)
    {
        string name = $"{chip.Label} line {line}";
        if (line >= chip.Lines)
            throw new IOException($"{name}: the chip has lines 0 to {chip.Lines - 1}");
        using SafeFileHandle opened = Posix.Open(chip.Path, Posix.ReadWrite | Posix.CloseOnExec);
        GpioAbi.LineRequest request = new() { Offset = (uint)line, Flags = flags, LineCount = 1, EventBufferSize = 64 };
        "edgeshelf"u8.CopyTo(new Span<byte>(request.Consumer, 31));
        Posix.Control(opened, GpioAbi.GetLine, ref request, name);
        return new GpioLine(new SafeFileHandle(request.Fd, ownsHandle: true), name);
    }
}

/// <summary>The resistor inside the chip that gives an open line its level.</summary>
enum Pull { None, Up, Down }
