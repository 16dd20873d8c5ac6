using System.Net;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Web;

/// <summary>
/// Limits how many requests can run at the same time; further requests are refused and do not wait. One address gets at
/// most three quarters of the permits, so that some are left for others.
/// </summary>
sealed class RequestPermits(int count)
{
    readonly int _perAddress = (count * 3 + 3) / 4;
    readonly Dictionary<IPAddress, int> _taken = [];
    readonly Lock _lock = new();
    int _free = count;

    /// <returns>A permit, which must be disposed when the request has ended, or null when none is left for its address.</returns>
    public IDisposable? TryTake(HttpContext http)
    {
        IPAddress address = ClientAddress.KeyOf(http.Connection.RemoteIpAddress);
        lock (_lock)
        {
            int taken = _taken.GetValueOrDefault(address);
            if (_free == 0 || taken == _perAddress)
                return null;
            _free--;
            _taken[address] = taken + 1;
            return new Permit(this, address);
        }
    }

    void Return(IPAddress address)
    {
        lock (_lock)
        {
            _free++;
            if (--_taken[address] == 0)
                _taken.Remove(address);
        }
    }

    sealed class Permit(RequestPermits owner, IPAddress address) : IDisposable
    {
        int _held = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _held, 0) == 1)
                owner.Return(address);
        }
    }
}
