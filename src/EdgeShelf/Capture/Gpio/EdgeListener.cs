using System.Device.Gpio;

namespace EdgeShelf.Capture.Gpio;

/// <summary>Waits for the edges of one line on its own thread, and invokes a callback for each debounced level.</summary>
sealed class EdgeListener : IDisposable
{
    // The maximum time until a stop is noticed. Waking up at this interval has no measurable cost.
    static readonly TimeSpan LookForEnd = TimeSpan.FromSeconds(0.5);

    // A contact that never stops bouncing is broken. Its level is read after this many edges.
    const int MaxBounces = 1000;

    readonly object _sender;
    readonly int _pin;
    readonly GpioLine _line;
    readonly TimeSpan _quiet;
    readonly Debouncer _debouncer;
    readonly Thread _thread;
    volatile (PinEventTypes Types, PinChangeEventHandler Handler)[] _callbacks = [];
    volatile bool _ended;

    /// <exception cref="IOException">The hardware was removed.</exception>
    public EdgeListener(object sender, int pin, GpioLine line, TimeSpan quiet)
    {
        (_sender, _pin, _line, _quiet) = (sender, pin, line, quiet);
        _debouncer = new Debouncer(quiet, line.IsHigh(), Changed);
        _thread = new Thread(Listen) { IsBackground = true, Name = "gpio" };
        _thread.Start();
    }

    /// <summary>The exception that ended the listener, or null if there was none.</summary>
    public Exception? Problem { get; private set; }

    public void Add(PinEventTypes types, PinChangeEventHandler handler) => _callbacks = [.. _callbacks, (types, handler)];

    /// <returns>True if there are no callbacks left.</returns>
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
            // Catch everything: an unhandled exception on this thread would end the process because of a broken button.
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
