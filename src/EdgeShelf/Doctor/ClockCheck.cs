using System.Globalization;
using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Whether the times in the results can be believed.</summary>
sealed class ClockCheck(TimeProvider clock) : DoctorCheck
{
    /// <summary>A board without a battery starts in the past; this program is younger.</summary>
    static readonly DateTimeOffset Plausible = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override string Name => "clock";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string found = now.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        const string SetIt = "Let the board reach a time server: `timedatectl set-ntp true`, then `timedatectl timesync-status`.";
        if (now < Plausible)
            return Task.FromResult(Finding.Fault($"{found} is in the past; TLS connections will be refused", SetIt));
        return Task.FromResult(ClockSync.IsSynced()
            ? Finding.Fine($"{found}, synchronized")
            : Finding.Warning($"{found}, not known to be right; results say clock_synced false", SetIt));
    }
}
