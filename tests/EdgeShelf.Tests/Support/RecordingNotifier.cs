using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeShelf.Tests.Support;

/// <summary>Stands where systemd listens and keeps what it was told, in order. Safe from any thread.</summary>
sealed class RecordingNotifier : ISystemdNotifier
{
    readonly List<string> _heard = [];

    public bool IsEnabled => true;

    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    public int SignsOfLife => Heard.Count(line => line == "WATCHDOG=1");

    public void Notify(ServiceState state)
    {
        lock (_heard)
            _heard.Add(state.ToString());
    }
}
