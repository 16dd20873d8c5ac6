using System.Net;
using EdgeShelf.Platform;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

/// <summary>
/// Counts the wrong tokens from each address, whether they come from the login form or as a Bearer token. It determines how long the
/// next token from an address has to wait, and logs at most one line per minute. This class is thread-safe.
/// </summary>
sealed class FailedLogins : IDisposable
{
    /// <summary>Number of wrong tokens from an address that are answered without a delay, because people make typing mistakes.</summary>
    public const int Free = 5;

    /// <summary>Maximum number of addresses that are remembered. The address with the oldest last failure is removed first.</summary>
    public const int MaxAddresses = 1000;

    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    /// <summary>Upper limit of the delay for loopback, where all clients of a proxy and the device's own programs share one address.</summary>
    public static readonly TimeSpan LongestDelayOnLoopback = TimeSpan.FromSeconds(1);

    /// <summary>The count of an address starts again after this time without a failure.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    readonly Dictionary<IPAddress, Failures> _failures = [];
    readonly Lock _lock = new();
    readonly TimeProvider _clock;
    readonly CountedLine _lines;
    IPAddress _last = IPAddress.None;

    public FailedLogins(TimeProvider clock, ILogger log) => (_clock, _lines) = (clock, new CountedLine(clock, count => log.LoginsFailed(count, _last)));

    /// <summary>How long a token from this address waits before it is compared. A correct token waits too, because an immediate response would reveal that it is correct.</summary>
    public TimeSpan DelayOf(IPAddress? address)
    {
        IPAddress key = ClientAddress.KeyOf(address);
        lock (_lock)
        {
            if (!_failures.TryGetValue(key, out Failures known) || IsForgotten(known) || known.Count < Free)
                return TimeSpan.Zero;
            TimeSpan longest = IPAddress.IsLoopback(key) ? LongestDelayOnLoopback : LongestDelay;
            TimeSpan delay = FirstDelay * Math.Pow(2, Math.Min(known.Count - Free, 16));
            return delay < longest ? delay : longest;
        }
    }

    public void Failed(IPAddress? address)
    {
        IPAddress key = ClientAddress.KeyOf(address);
        lock (_lock)
        {
            int before = _failures.TryGetValue(key, out Failures known) && !IsForgotten(known) ? known.Count : 0;
            if (before == 0 && _failures.Count >= MaxAddresses)
                _failures.Remove(_failures.MinBy(one => one.Value.LastAt).Key);
            _failures[key] = new Failures(before + 1, _clock.GetTimestamp());
            _last = key;
        }
        _lines.Count();
    }

    /// <summary>Records a correct token from this address, so that its next token does not wait.</summary>
    public void Succeeded(IPAddress? address)
    {
        lock (_lock)
            _failures.Remove(ClientAddress.KeyOf(address));
    }

    public void Dispose() => _lines.Dispose();

    bool IsForgotten(Failures known) => _clock.GetElapsedTime(known.LastAt) >= ForgottenAfter;

    readonly record struct Failures(int Count, long LastAt);
}
