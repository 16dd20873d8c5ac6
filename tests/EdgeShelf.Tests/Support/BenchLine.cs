using System.Collections.Concurrent;
using System.Device.Gpio;
using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A line on the workbench with a button to ground, or a light. The button bounces when it is pressed and when it is let
/// go; the line can be unplugged.
/// </summary>
sealed class BenchLine : GpioLine
{
    public const int Number = 17;

    readonly BlockingCollection<Edge> _edges = [];
    TimeSpan _now = TimeSpan.FromHours(1);
    volatile bool _level = true;
    volatile bool _unplugged;

    /// <summary>How the line was asked for; null while nobody did.</summary>
    public PinMode? Mode { get; private set; }

    public ConcurrentQueue<bool> Written { get; } = new();

    /// <summary>A chip with this line alone.</summary>
    public GpioController Chip() => new(new KernelGpioDriver(pins: 32, TimeSpan.FromMilliseconds(20), (line, mode) =>
    {
        Assert.Equal(Number, line);
        Mode = mode;
        return this;
    }));

    public void PressAndRelease()
    {
        BounceTo(false);
        _now += TimeSpan.FromMilliseconds(150);
        BounceTo(true);
        _now += TimeSpan.FromMilliseconds(300);
    }

    public void Unplug() => _unplugged = true;

    public override bool IsHigh()
    {
        ThrowIfUnplugged();
        return _level;
    }

    public override void Write(bool high)
    {
        ThrowIfUnplugged();
        Written.Enqueue(high);
    }

    public override IReadOnlyList<Edge> WaitForEdges(TimeSpan limit)
    {
        ThrowIfUnplugged();
        return _edges.TryTake(out Edge edge, limit) ? [edge] : [];
    }

    public override void Dispose()
    {
        // The driver disposes of its line; the test may still look at it.
    }

    void BounceTo(bool level)
    {
        _level = level;
        for (int i = 0; i <= 6; i++)
        {
            _edges.Add(new Edge(i % 2 == 0 ? level : !level, _now));
            _now += TimeSpan.FromMilliseconds(1);
        }
    }

    void ThrowIfUnplugged()
    {
        if (_unplugged)
            throw new IOException("button: No such device (19)");
    }
}
