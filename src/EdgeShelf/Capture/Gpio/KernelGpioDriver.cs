using System.Device.Gpio;

namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// A driver for System.Device.Gpio that uses the kernel's own interface. The existing drivers for libgpiod have three faults: they need
/// one of two incompatible libraries, depending on Debian's release; they request a line again without its resistor when they begin to
/// listen; and an error in their event thread ends the process (dotnet/iot#1758). Input levels are debounced with the kernel's timestamps.
/// </summary>
/// <param name="pins">The number of lines of the chip.</param>
/// <param name="debounce">The time for which a level must last to count.</param>
/// <param name="open">A function that opens a line in a mode. It throws <see cref="IOException"/> if that is impossible.</param>
sealed class KernelGpioDriver(int pins, TimeSpan debounce, Func<int, PinMode, GpioLine> open) : GpioDriver
{
    readonly Lock _gate = new();
    readonly Dictionary<int, PinMode?> _modes = [];
    readonly Dictionary<int, GpioLine> _lines = [];
    readonly Dictionary<int, EdgeListener> _listeners = [];

    public static KernelGpioDriver Of(GpioChip chip, TimeSpan debounce) => new(chip.Lines, debounce, (line, mode) => KernelGpioLine.Open(chip, line, mode));

    protected override int PinCount => pins;

    protected override void OpenPin(int pinNumber)
    {
        lock (_gate)
            _modes.Add(pinNumber, null);
    }

    protected override void ClosePin(int pinNumber)
    {
        Release(pinNumber);
        lock (_gate)
            _modes.Remove(pinNumber);
    }

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode is PinMode.Input or PinMode.InputPullUp or PinMode.InputPullDown or PinMode.Output;

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        Release(pinNumber);
        lock (_gate)
        {
            _lines[pinNumber] = open(pinNumber, mode);
            _modes[pinNumber] = mode;
        }
    }

    protected override PinMode GetPinMode(int pinNumber)
    {
        lock (_gate)
            return _modes.GetValueOrDefault(pinNumber) ?? throw new InvalidOperationException($"GPIO line {pinNumber} has no mode yet.");
    }

    /// <summary>Reads the level. If the listener of the line has ended with an exception, this method throws it.</summary>
    protected override PinValue Read(int pinNumber)
    {
        lock (_gate)
        {
            if (_listeners.GetValueOrDefault(pinNumber)?.Problem is { } problem)
                throw new IOException(problem.Message, problem);
            return LineOf(pinNumber).IsHigh();
        }
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        lock (_gate)
            LineOf(pinNumber).Write(value == PinValue.High);
    }

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        lock (_gate)
        {
            if (!_listeners.TryGetValue(pinNumber, out EdgeListener? listener))
                _listeners[pinNumber] = listener = new EdgeListener(this, pinNumber, LineOf(pinNumber), debounce);
            listener.Add(eventTypes, callback);
        }
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        EdgeListener? idle = null;
        lock (_gate)
        {
            if (_listeners.TryGetValue(pinNumber, out EdgeListener? listener) && listener.Remove(callback) && _listeners.Remove(pinNumber))
                idle = listener;
        }
        idle?.Dispose();
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        TaskCompletionSource<PinEventTypes> seen = new();
        void See(object sender, PinValueChangedEventArgs change) => seen.TrySetResult(change.ChangeType);
        AddCallbackForPinValueChangedEvent(pinNumber, eventTypes, See);
        try
        {
            seen.Task.Wait(cancellationToken);
            return new WaitForEventResult { EventTypes = seen.Task.Result };
        }
        catch (OperationCanceledException)
        {
            return new WaitForEventResult { TimedOut = true };
        }
        finally
        {
            RemoveCallbackForPinValueChangedEvent(pinNumber, See);
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (int pin in _modes.Keys.ToArray())
            ClosePin(pin);
        base.Dispose(disposing);
    }

    GpioLine LineOf(int pin) => _lines.GetValueOrDefault(pin) ?? throw new InvalidOperationException($"GPIO line {pin} has no mode yet.");

    void Release(int pin)
    {
        EdgeListener? listener;
        GpioLine? line;
        lock (_gate)
        {
            _listeners.Remove(pin, out listener);
            _lines.Remove(pin, out line);
        }
        // Dispose outside the lock: it waits for the listener's thread, which may be in a callback that reads the line.
        listener?.Dispose();
        line?.Dispose();
    }
}
