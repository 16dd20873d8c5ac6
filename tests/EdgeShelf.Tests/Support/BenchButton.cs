using System.Collections.Concurrent;
using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Tests.Support;

/// <summary>A button on the workbench: bounces when it is pressed and when it is let go, and can be unplugged.</summary>
sealed class BenchButton : ButtonLine
{
    readonly BlockingCollection<Edge> _edges = [];
    TimeSpan _now = TimeSpan.FromHours(1);
    volatile bool _level;
    volatile bool _unplugged;

    public void PressAndRelease()
    {
        BounceTo(true);
        _now += TimeSpan.FromMilliseconds(150);
        BounceTo(false);
        _now += TimeSpan.FromMilliseconds(300);
    }

    public void Unplug() => _unplugged = true;

    public override bool IsPressed()
    {
        ThrowIfUnplugged();
        return _level;
    }

    public override IReadOnlyList<Edge> WaitForEdges(TimeSpan limit)
    {
        ThrowIfUnplugged();
        return _edges.TryTake(out Edge edge, limit) ? [edge] : [];
    }

    public override void Dispose()
    {
        // The trigger disposes of its line; the test may still look at it.
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
