using System.Device.Gpio;

namespace EdgeShelf.Capture.Gpio;

/// <summary>Waits for the edges of one line on a thread of its own, and calls back for each level that has held.</summary>
sealed class EdgeListener : IDisposable
{
    // How soon an end is noticed; waking this seldom costs nothing that can be measured.
    static readonly TimeSpan LookForEnd = TimeSpan.FromSeconds(0.5);

    // A contact that never comes to rest is broken; its level is looked at after this many edges.
    const int MaxBounces = 1000;

    readonly object _sender;
    readonly int _pin;
    readonly GpioLine _line;
    readonly TimeSpan _quiet;
    readonly Debouncer _debouncer;
    readonly Thread _thread;
    volatile (PinEventTypes Types, PinChangeEventHandler Handler)[] _callbacks = [];
    volatile bool _ended;

    /// <exception cref="IOException">The hardware is gone.</exception>
    public EdgeListener(object sender, int pin, GpioLine line, TimeSpan quiet)
    {
        (_sender, _pin, _line, _quiet) = (sender, pin, line, quiet);
        _debouncer = new Debouncer(quiet, line.IsHigh(), Changed);
        _thread = new Thread(Listen) { IsBackground = true, Name = "gpio" };
        _thread.Start();
    }

    /// <summary>What ended the listening before its time; null while all is well.</summary>
    public Exception? Problem { get; private set; }

    public void Add(PinEventTypes types, PinChangeEventHandler handler) => _callbacks = [.. _callbacks, (types, handler)];

    /// <returns>True when nobody listens any more.</returns>
    public bool Remove(PinChangeEventHandler handler)
    {
        _callbacks = [.. _callbacks.Where(callback => callback.Handler != handler)];
        return _callbacks.Length == 0;
    }

    public void Dispose()
    {
        _ended = true;
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    void Listen()
    {
        try
        {
            while (!_ended)
            {
                IReadOnlyList<GpioLine.Edge> edges = _line.WaitForEdges(LookForEnd);
                for (int bounces = 0; edges.Count > 0 && bounces < MaxBounces; bounces += edges.Count)
                {
                    foreach (GpioLine.Edge edge in edges)
                        _debouncer.Edge(edge.High, edge.At);
                    edges = _line.WaitForEdges(_quiet);
                }
                _debouncer.Quiet(_line.IsHigh());
            }
        }
        catch (Exception problem)
        {
            // All of them: an error on a thread of its own would end the process, over a button.
            Problem = problem;
        }
    }

    void Changed(bool high)
    {
        PinEventTypes type = high ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach ((PinEventTypes types, PinChangeEventHandler handler) in _callbacks)
        {
            if (types.HasFlag(type))
                handler(_sender, new PinValueChangedEventArgs(type, _pin));
        }
    }
}
